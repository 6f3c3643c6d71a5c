import type { FindingRecord, PeriodCounts, ReportModel, ReportSummary, TargetRecord } from '#application';
import type { Platform, Severity } from '#core';
import { findingRecord, reportModel, targetRecord } from './report-model.fixture.js';

const DAY_MS = 86_400_000;
const TO = new Date('2026-11-23T06:00:00.000Z');

const PLACES: readonly (readonly [
  name: string,
  platform: Platform,
  location: string,
  score: number | null,
  before: number | null,
  tags: number,
])[] = [
  ['production', 'ec2', 'aws:111122223333 eu-west-1, us-east-1', 93.4, 91.2, 12_480],
  ['staging', 'ec2', 'aws:444455556666 eu-west-1', 71.8, 74.1, 3_205],
  ['sandbox', 'ec2', 'aws:777788889999 us-east-1', 58.2, 51.9, 1_940],
  ['platform-monorepo', 'git', 'https://git.example.com/platform/monorepo', 96.1, 96.1, 2_317],
  ['billing', 'git', 'https://git.example.com/finance/billing', 88.9, 90.4, 641],
  ['支払い', 'git', 'https://git.example.com/jp/支払い', 79.3, null, 208],
  ['images', 'registry', 'https://registry.example.com', 64.7, 57.3, 18_902],
  ['edge-images', 'registry', 'https://edge.example.com', 82.5, 82.0, 4_410],
  ['build-host-7', 'docker', 'unix:///var/run/docker.sock', null, null, 0],
];
const RULES: readonly (readonly [id: string, title: string, severity: Severity, open: number])[] = [
  ['retention', 'Old builds expire after 30 days', 'medium', 412],
  ['environment-spelling', 'The key is spelled "environment"', 'medium', 96],
  ['must-have-owner', 'Instances and volumes name their owner', 'high', 58],
  ['moved-release', 'A release tag does not move', 'critical', 3],
  ['no-empty-values', 'No tag has an empty value', 'low', 41],
  ['dead-project-keys', 'Keys of dead projects are gone', 'low', 27],
  ['version-form', 'Versions follow SemVer with a v', 'info', 19],
];
const TEAMS = ['payments', 'platform', 'search', null, 'data', 'mobile', '決済'];
const FAULTS: readonly Partial<FindingRecord>[] = [
  {
    ruleId: 'moved-release',
    severity: 'critical',
    tag: 'v2.4.1',
    value: null,
    resource: 'finance/billing',
    resourceType: 'repository',
    scope: null,
    message: 'The tag v2.4.1 points at 9f1c2ab now; it was known by 41d07e9.',
    suggestion: null,
    fixable: false,
  },
  {
    ruleId: 'must-have-owner',
    severity: 'high',
    tag: 'owner',
    value: null,
    resource: 'i-0f3ac91b27de4410a',
    message: 'The instance has no key "owner".',
    suggestion: null,
    fixable: false,
  },
  { ruleId: 'environment-spelling', severity: 'medium', tag: 'enviroment', value: 'prod' },
  {
    ruleId: 'retention',
    severity: 'medium',
    tag: 'build-20260812-1144',
    value: null,
    resource: 'web/checkout',
    resourceType: 'image',
    scope: 'web/checkout',
    message: 'The tag is 103 days old; tags of builds expire after 30 days.',
    suggestion: 'Untag build-20260812-1144.',
  },
  {
    ruleId: 'no-empty-values',
    severity: 'low',
    tag: 'cost-center',
    value: '',
    message: 'The value of "cost-center" is empty.',
    suggestion: 'Remove the key "cost-center".',
  },
  {
    ruleId: 'dead-project-keys',
    severity: 'low',
    tag: 'phoenix-id',
    value: '7731',
    message: 'Keys that begin with "phoenix-" are of a dead project.',
    suggestion: 'Remove the key "phoenix-id".',
  },
  {
    ruleId: 'version-form',
    severity: 'info',
    tag: 'release_1_2',
    value: null,
    resource: 'platform/monorepo',
    resourceType: 'repository',
    scope: null,
    message: 'release_1_2 is no version; v1.2.0 would be.',
    suggestion: 'Add v1.2.0 beside release_1_2.',
  },
];

const counts = (open: number, part = 0.1): PeriodCounts => ({
  open,
  new: Math.round(open * part),
  resolved: Math.round(open * part * 1.7),
  suppressed: Math.round(open * 0.02),
});

/** A company's Monday: nine targets over four platforms, half a year of history, a target that could not be read. */
export function weeklyReport(rows = 120): ReportModel {
  const targets = PLACES.map(([name, platform, location, score], index) =>
    targetRecord({ id: `target-${index}`, name, platform, location, hygieneScore: score }),
  );
  const findings = Array.from({ length: rows }, (_, index) => finding(index, targets));
  const model = reportModel({ summary: summaryOf(targets, findings), findings });
  return {
    ...model,
    from: new Date(TO.getTime() - 7 * DAY_MS),
    to: TO,
    generatedAt: new Date('2026-11-23T06:04:11.000Z'),
  };
}

function finding(index: number, targets: readonly TargetRecord[]): FindingRecord {
  const kind = FAULTS[Math.min(FAULTS.length - 1, Math.floor(index / 18))];
  const target = targets[index % 8];
  return findingRecord({
    ...kind,
    id: `finding-${index}`,
    targetId: target?.id ?? '',
    state: index % 9 === 8 ? 'RESOLVED' : 'OPEN',
    resolvedAt: index % 9 === 8 ? new Date('2026-11-19T10:00:00.000Z') : null,
    flapping: index % 23 === 5,
    firstSeenAt: new Date(TO.getTime() - (index * 3 + 2) * DAY_MS),
  });
}

function summaryOf(targets: readonly TargetRecord[], findings: readonly FindingRecord[]): ReportSummary {
  const total = RULES.reduce((sum, [, , , open]) => sum + open, 0);
  const ofSeverity = (wanted: Severity) =>
    RULES.reduce((sum, [, , severity, open]) => (severity === wanted ? sum + open : sum), 0);
  return {
    targets,
    score: 84.6,
    scoreBefore: 81.2,
    trend: Array.from({ length: 26 * 7 }, (_, day) => ({
      at: new Date(TO.getTime() - (26 * 7 - 1 - day) * DAY_MS),
      score: 66 + day * 0.095 + 3 * Math.sin(day / 9) + (day > 120 ? 1.5 : 0),
      open: 1_400 - day * 4,
    })),
    tags: 44_103,
    totals: { ...counts(total), flapping: 14, fixable: 512 },
    bySeverity: (['critical', 'high', 'medium', 'low', 'info'] as const).map((severity) => ({
      ...counts(ofSeverity(severity)),
      severity,
    })),
    ...breakdowns(),
    oldest: findings
      .filter(({ state }) => state === 'OPEN')
      .slice(-8)
      .toReversed(),
    ...remarks(),
  };
}

function breakdowns(): Pick<ReportSummary, 'byRule' | 'byTarget' | 'byPlatform' | 'byTeam' | 'teamsBeyond'> {
  return {
    byRule: RULES.map(([ruleId, title, severity, open]) => ({
      ...counts(open),
      ...{ rulePack: 'acme-baseline', ruleId, title, severity },
    })),
    byTarget: PLACES.map(([, , , score, scoreBefore, tags], index) => ({
      ...counts(score === null ? 0 : Math.round((100 - score) * 2.1)),
      ...{ targetId: `target-${index}`, tags, score, scoreBefore },
      lastScan: score === null ? null : { status: index === 2 ? 'PARTIAL' : 'SUCCEEDED', finishedAt: TO },
    })),
    byPlatform: (['ec2', 'git', 'registry', 'docker'] as const).map((platform, index) => ({
      ...counts([160, 71, 425, 0][index] ?? 0),
      ...{ platform, targets: [3, 3, 2, 1][index] ?? 0, score: [86.9, 93.1, 68.0, null][index] ?? null },
    })),
    byTeam: TEAMS.map((team, index) => ({ ...counts(210 - index * 29), team })),
    teamsBeyond: 4,
  };
}

function remarks(): Pick<ReportSummary, 'errors' | 'notEvaluated' | 'packChanges'> {
  return {
    errors: [
      {
        targetId: 'target-2',
        scope: '777788889999/us-east-1',
        code: 'REMOTE_FORBIDDEN',
        message: 'The credential may not call ec2:DescribeVolumes; grant it to read volumes.',
      },
    ],
    notEvaluated: [
      {
        targetId: 'target-6',
        rulePack: 'acme-baseline',
        ruleId: 'missing-attestation',
        needs: 'attestations',
        resources: 212,
      },
    ],
    packChanges: [
      {
        name: 'acme-baseline',
        fromVersion: 11,
        toVersion: 12,
        at: new Date('2026-11-18T14:20:00.000Z'),
        by: 'token:platform-ci',
        added: ['dead-project-keys'],
        removed: [],
      },
    ],
  };
}
