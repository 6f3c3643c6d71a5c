import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { Log, Result } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { ScanResults } from '#application';
import { findingRecord, textOf } from '../report-model.fixture.js';
import { scanResults, SPELLING } from '../scan-results.fixture.js';
import { renderSarif } from './render-sarif.js';
import { SARIF_PARTS } from './sarif-parts.fixture.js';

const ajv = new Ajv({ strict: true, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(SARIF_PARTS);

async function logOf(results: ScanResults): Promise<Log> {
  return JSON.parse(await textOf(renderSarif(results, '1.2.3'))) as Log;
}
const runOf = async (results: ScanResults) => (await logOf(results)).runs[0];
const resultOf = async (...args: Parameters<typeof findingRecord>): Promise<Result | undefined> =>
  (await runOf(scanResults({ findings: [findingRecord(...args)] })))?.results?.[0];

/** What `messageText` did, undone. */
const read = (text = '') => text.replace(/\](\\*)\\\(/g, ']$1(').replace(/([{}])\1/g, '$1');
const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const linkish = fc
  .array(fc.constantFrom('[', ']', '(', ')', '\\', '{', '}', '{0}', 'x', '](', '\ud800', '\u0000', '/', '..'))
  .map((parts) => parts.join(''));
const texts = fc.oneof(anyText, linkish);

const FULL = scanResults({
  scan: {
    status: 'PARTIAL',
    errors: [
      { code: 'REMOTE_TIMEOUT', message: 'us-east-1 did not answer.', scope: 'us-east-1', retryable: true },
      { code: 'INTERNAL', message: 'A fault.', scope: null, retryable: false },
    ],
    notEvaluated: [{ rulePack: 'labels', ruleId: 'environment-spelling', needs: 'a date', resources: 4 }],
  },
  rules: [SPELLING, { id: 'tagward/rule-conflict', rulePack: 'tagward', version: null, summary: null }],
  findings: [
    findingRecord(),
    findingRecord({
      id: 'd4',
      rulePack: 'gone',
      ruleId: 'r',
      severity: 'critical',
      tag: null,
      value: null,
      scope: null,
    }),
  ],
});

describe('a scan as SARIF', () => {
  it.each([
    ['full', FULL],
    ['empty', scanResults({ rules: [], scan: { startedAt: null } })],
  ])('is of the schema when it is %s', async (_name, results) => {
    validate(await logOf(results));
    expect(validate.errors).toBeNull();
  });

  it('tells of rules, results and where they are', async () => {
    const run = await runOf(FULL);
    expect(run?.tool.driver).toMatchObject({
      name: 'Tagward',
      version: '1.2.3',
      rules: [
        {
          id: 'labels/environment-spelling',
          shortDescription: { text: 'Keys are spelled "environment"' },
          help: { text: expect.stringContaining('labels, version 3') },
          defaultConfiguration: { level: 'warning' },
          properties: { 'security-severity': '5.5', tags: ['tag-hygiene', 'key-spelling', 'ec2'] },
        },
        { id: 'tagward/rule-conflict' },
      ],
    });
    expect(run?.results?.[0]).toEqual({
      ruleId: 'labels/environment-spelling',
      ruleIndex: 0,
      level: 'warning',
      message: { text: 'The key "enviroment" should be spelled "environment".' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'ec2/production/111122223333/eu-west-1/i-0abc' },
            region: { startLine: 1 },
          },
          logicalLocations: [
            {
              name: 'enviroment',
              fullyQualifiedName: 'ec2://production/111122223333/eu-west-1/i-0abc#enviroment',
              kind: 'tag',
            },
            {
              name: 'i-0abc',
              fullyQualifiedName: 'ec2://production/111122223333/eu-west-1/i-0abc',
              kind: 'instance',
            },
          ],
        },
      ],
      partialFingerprints: { 'tagwardFinding/v1': 'a1b2c3', primaryLocationLineHash: 'a1b2c3:1' },
      properties: expect.objectContaining({ severity: 'medium', value: 'prod', fixable: true }),
    });
    expect(run?.results?.[1]).toMatchObject({ ruleId: 'gone/r', level: 'error' });
    expect(run?.results?.[1]).not.toHaveProperty('ruleIndex');
    expect(run?.automationDetails?.id).toBe('tagward/production/0197a5c0-0000-7000-8000-000000000001');
  });

  it('is not successful unless everything was read, and says what was not', async () => {
    expect((await runOf(scanResults()))?.invocations).toMatchObject([
      {
        executionSuccessful: true,
        startTimeUtc: '2026-11-20T08:00:01.250Z',
        endTimeUtc: '2026-11-20T08:00:09.000Z',
      },
    ]);
    expect((await runOf(FULL))?.invocations).toMatchObject([
      {
        executionSuccessful: false,
        exitCodeDescription: 'PARTIAL',
        toolExecutionNotifications: [
          {
            descriptor: { id: 'REMOTE_TIMEOUT' },
            level: 'error',
            locations: [{ logicalLocations: [{ fullyQualifiedName: 'ec2://production/us-east-1' }] }],
          },
          { descriptor: { id: 'INTERNAL' } },
        ],
        toolConfigurationNotifications: [
          { associatedRule: { id: 'labels/environment-spelling', index: 0 }, level: 'note' },
        ],
      },
    ]);
  });

  it('carries every text, and none of them makes a link', async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, texts, async (message, resource, tag) => {
        const result = await resultOf({ message, resource, tag });
        const text = result?.message.text ?? '';
        expect(read(text)).toBe(message.toWellFormed());
        expect(text).not.toContain('](');
        expect(result?.properties).toMatchObject(JSON.parse(JSON.stringify({ resource, tag })) as object);
      }),
    );
  });

  it('names places by relative references that lose nothing', async () => {
    const uris = new Map<string, string>();
    await fc.assert(
      fc.asyncProperty(texts, async (resource) => {
        const result = await resultOf({ resource });
        const uri = result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '';
        expect(uri).toMatch(/^ec2\/production\/[\w.!~*'()%/-]+$/);
        expect(new URL(uri, 'file:///repo/').pathname).toBe(`/repo/${uri}`);
        const known = uris.get(uri) ?? resource.toWellFormed();
        expect(known).toBe(resource.toWellFormed());
        uris.set(uri, known);
      }),
    );
    const registry = scanResults({
      target: { platform: 'registry', name: 'prod' },
      findings: [findingRecord({ scope: 'team/app', resource: 'team/app', tag: 'v1' })],
    });
    expect((await runOf(registry))?.results?.[0]?.locations?.[0]).toMatchObject({
      physicalLocation: { artifactLocation: { uri: 'registry/prod/team/app' } },
      logicalLocations: [{ fullyQualifiedName: 'registry://prod/team/app#v1' }, {}],
    });
  });

  it('pulls findings as it is read', async () => {
    let pulled = 0;
    const endless: ScanResults = {
      ...scanResults(),
      async *findings() {
        for (;;) {
          pulled += 1;
          yield findingRecord({ id: String(pulled) });
        }
      },
    };
    const text = renderSarif(endless, '1');
    for (let chunks = 0; chunks < 3; chunks++) await text.next();
    expect(pulled).toBeLessThan(400);
    await text.return(undefined);
  });
});
