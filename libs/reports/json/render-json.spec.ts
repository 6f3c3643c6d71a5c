import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { ReportModel } from '#application';
import { findingRecord, reportModel, textOf } from '../report-model.fixture.js';
import { REPORT_JSON_SCHEMA, type ReportDocument } from './report-document.js';
import { renderJson } from './render-json.js';

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
addFormats.default(ajv);
const validate = ajv.compile(REPORT_JSON_SCHEMA);

async function documentOf(model: ReportModel): Promise<ReportDocument> {
  return JSON.parse(await textOf(renderJson(model))) as ReportDocument;
}

const AT = new Date('2026-11-20T01:02:03.004Z');
const COUNTS = { open: 1, new: 2, resolved: 3, suppressed: 4 };
const FULL = reportModel({
  summary: {
    byPlatform: [{ ...COUNTS, platform: 'registry', targets: 2, score: null }],
    byTeam: [
      { ...COUNTS, team: null },
      { ...COUNTS, team: 'payments' },
    ],
    teamsBeyond: 7,
    oldest: [findingRecord({ id: 'old' })],
    errors: [{ targetId: 'gone', scope: null, code: 'REMOTE_FORBIDDEN', message: 'denied' }],
    notEvaluated: [
      { targetId: 'target-1', rulePack: 'images', ruleId: 'age', needs: 'a date', resources: 12 },
    ],
    packChanges: [
      { name: 'labels', fromVersion: null, toVersion: 1, at: AT, by: 'token:ci', added: ['a'], removed: [] },
      { name: 'images', fromVersion: 3, toVersion: null, at: AT, by: 'token:ci', added: [], removed: ['b'] },
    ],
  },
  findings: [
    findingRecord({ evidence: { blockedBy: { kind: 'conflict' }, edits: [1, null] } }),
    findingRecord({
      id: 'b',
      targetId: 'gone',
      scope: null,
      tag: null,
      value: null,
      suggestion: null,
      state: 'SUPPRESSED',
      changes: [
        { change: 'set', key: 'a', value: '' },
        { change: 'remove', key: 'b', value: 'x' },
      ],
      resolvedAt: AT,
      suppression: { reason: 'why', by: 'token:ops', at: AT, until: null },
    }),
  ],
});

describe('renderJson', () => {
  it.each([
    ['a full report', FULL],
    ['an empty report', reportModel({ summary: { score: null, targets: [], byTarget: [] } })],
  ])('is %s of the published schema', async (_name, model) => {
    const document = await documentOf(model);

    validate(document);
    expect(validate.errors).toBeNull();
    expect(document.$schema).toBe(REPORT_JSON_SCHEMA['$id']);
  });

  it.each([
    ['a word of another case', { severity: 'medium' }],
    ['a field too many', { secret: 'x' }],
    ['a date that is none', { firstSeenAt: 'yesterday' }],
  ])('has a schema that refuses %s', async (_name, wrong) => {
    const document = await documentOf(FULL);
    Object.assign(document.findings[0] ?? {}, wrong);

    expect(validate(document)).toBe(false);
  });

  it('spells platforms and severities as the API does, and dates as ISO 8601', async () => {
    const { findings, targets, bySeverity } = await documentOf(FULL);

    expect(findings[0]).toMatchObject({
      severity: 'MEDIUM',
      platform: 'EC2',
      firstSeenAt: '2026-11-10T08:00:00.000Z',
    });
    expect(targets[0]).toMatchObject({ name: 'production', platform: 'EC2' });
    expect(bySeverity[0]).toEqual({ severity: 'CRITICAL', open: 0, new: 0, resolved: 0, suppressed: 0 });
  });

  it('carries every part of the summary', async () => {
    const { summary } = FULL;
    const document = await documentOf(FULL);

    expect(document.byPlatform).toEqual([{ ...COUNTS, platform: 'REGISTRY', targets: 2, score: null }]);
    expect(document.byTeam).toEqual(summary.byTeam);
    expect(document.teamsBeyond).toBe(7);
    expect(document.oldest).toMatchObject([{ id: 'old', target: 'production', platform: 'EC2' }]);
    expect(document.errors).toEqual([
      { targetId: 'gone', target: 'gone', scope: null, code: 'REMOTE_FORBIDDEN', message: 'denied' },
    ]);
    expect(document.notEvaluated).toMatchObject([{ target: 'production', needs: 'a date', resources: 12 }]);
    expect(document.packChanges).toEqual(
      summary.packChanges.map((change) => ({ ...change, at: AT.toISOString() })),
    );
    expect(document.trend.map(({ score }) => score)).toEqual([81, 84, 87.5]);
    expect(document).toMatchObject({ scoreBefore: 84, tags: 8, totals: { flapping: 0, fixable: 1 } });
    expect(document.targets[0]).toMatchObject({ tags: 8, suppressed: 0, lastScan: { status: 'SUCCEEDED' } });
    const parts = Object.keys(summary).filter((part) => !(part in document) && part !== 'byTarget');
    expect(parts).toEqual([]);
  });

  it('keeps a finding whose target is gone, under its id', async () => {
    const { findings } = await documentOf(FULL);

    expect(findings[1]).toMatchObject({ target: 'gone', platform: null });
  });

  it('keeps text as it was, without the guard of the CSV file', async () => {
    const value = '=1+1\u2028</script>"\\';
    const { findings, findingCount } = await documentOf(
      reportModel({ findings: [findingRecord({ value })] }),
    );

    expect(findings[0]?.value).toBe(value);
    expect(findingCount).toBe(1);
  });
});
