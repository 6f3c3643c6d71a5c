import type { FindingRecord, PeriodCounts, ReportModel, ReportSummary, TargetRecord } from '#application';
import { SEVERITIES } from '#core';

/** A finding with a typo of `environment`, but for what a test says. */
export function findingRecord(changes: Partial<FindingRecord> = {}): FindingRecord {
  return {
    id: 'a1b2c3',
    targetId: 'target-1',
    scope: '111122223333/eu-west-1',
    rulePack: 'labels',
    ruleId: 'environment-spelling',
    severity: 'medium',
    state: 'OPEN',
    resource: 'i-0abc',
    resourceType: 'instance',
    tag: 'enviroment',
    value: 'prod',
    message: 'The key "enviroment" should be spelled "environment".',
    suggestion: 'Rename the key "enviroment" to "environment".',
    changes: [{ change: 'rename', from: 'enviroment', to: 'environment', value: 'prod' }],
    fixable: true,
    blocked: false,
    fixAtSource: null,
    flapping: false,
    timesReopened: 0,
    evidence: {},
    firstSeenAt: new Date('2026-11-10T08:00:00.000Z'),
    lastSeenAt: new Date('2026-11-20T08:00:00.000Z'),
    resolvedAt: null,
    suppression: null,
    ...changes,
  };
}

export function targetRecord(changes: Partial<TargetRecord> = {}): TargetRecord {
  return {
    id: 'target-1',
    name: 'production',
    platform: 'ec2',
    location: 'aws:111122223333',
    config: {},
    credentialId: null,
    rulePacks: null,
    mode: 'READ_ONLY',
    labels: [],
    capabilities: [],
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
    openFindings: 1,
    hygieneScore: 87.5,
    ...changes,
  };
}

const NO_COUNTS: PeriodCounts = { open: 0, new: 0, resolved: 0, suppressed: 0 };
const COUNTS: PeriodCounts = { open: 1, new: 1, resolved: 0, suppressed: 0 };

const TREND = [
  { at: new Date('2026-11-09T06:00:00.000Z'), score: 81, open: 3 },
  { at: new Date('2026-11-16T06:00:00.000Z'), score: 84, open: 2 },
  { at: new Date('2026-11-23T06:00:00.000Z'), score: 87.5, open: 1 },
];

interface Parts {
  readonly summary?: Partial<ReportSummary>;
  readonly findings?: Iterable<FindingRecord> | AsyncIterable<FindingRecord>;
}

/** A report on one target; without findings unless a test gives some. */
export function reportModel({ summary = {}, findings = [] }: Parts = {}): ReportModel {
  const targets = summary.targets ?? [targetRecord()];
  return {
    id: '0199f1c2-0000-7000-8000-000000000001',
    from: new Date('2026-11-16T00:00:00.000Z'),
    to: new Date('2026-11-23T00:00:00.000Z'),
    generatedAt: new Date('2026-11-23T06:00:00.000Z'),
    auditHead: 'f'.repeat(64),
    summary: {
      targets,
      score: 87.5,
      scoreBefore: 84,
      trend: TREND,
      tags: 8,
      totals: { ...COUNTS, flapping: 0, fixable: 1 },
      bySeverity: SEVERITIES.toReversed().map((severity) => ({
        ...(severity === 'medium' ? COUNTS : NO_COUNTS),
        severity,
      })),
      byRule: [
        {
          ...COUNTS,
          rulePack: 'labels',
          ruleId: 'environment-spelling',
          title: 'Environment is spelled right',
          severity: 'medium',
        },
      ],
      byTarget: targets.map(({ id, hygieneScore }) => ({
        ...COUNTS,
        targetId: id,
        tags: 8,
        score: hygieneScore,
        scoreBefore: 84,
        lastScan: { status: 'SUCCEEDED', finishedAt: new Date('2026-11-23T05:00:00.000Z') },
      })),
      byPlatform: [{ ...COUNTS, platform: 'ec2', targets: targets.length, score: 87.5 }],
      byTeam: [{ ...COUNTS, team: 'payments' }],
      teamsBeyond: 0,
      oldest: [],
      errors: [],
      notEvaluated: [],
      packChanges: [],
      ...summary,
    },
    findings: () => eachOf(findings),
    targetNames: new Map(targets.map(({ id, name }) => [id, name])),
  };
}

async function* eachOf<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  yield* items;
}

/** The whole file as text. */
export async function textOf(chunks: AsyncIterable<string | Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunks) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
