import type { FindingRecord, PackChange, ReportModel, TargetSummary } from '#application';
import { type Platform, SEVERITIES, type Severity } from '#core';
import { findingRecord, reportModel, targetRecord } from './report-model.fixture.js';

const DAY_MS = 86_400_000;
const END = Date.parse('2026-11-23T00:00:00.000Z');

const TARGETS: readonly (readonly [
  name: string,
  platform: Platform,
  location: string,
  score: number | null,
])[] = [
  ['production', 'ec2', 'aws:111122223333', 91.42],
  ['staging', 'ec2', 'aws:444455556666', 78.19],
  ['плата-форма', 'ec2', 'aws:777788889999', 84.06],
  ['東京リージョン', 'ec2', 'aws:123412341234', 69.9],
  ['web-monorepo', 'git', 'https://git.example.com/web/monorepo.git', 96.35],
  ['Ελληνικό αποθετήριο', 'git', 'https://git.example.com/el/έργο.git', 88],
  ['registry.example.com', 'registry', 'registry.example.com', 54.7],
  ['build-host-07', 'docker', 'tcp://10.0.7.7:2376', 73.33],
  ['مستودع الصور', 'registry', 'images.example.org/مشروع', null],
];

const RULES: readonly (readonly [rule: string, title: string, severity: Severity, message: string])[] = [
  ['must-have-owner', 'Every instance has an owner', 'high', 'The key "owner" is missing.'],
  [
    'environment-spelling',
    'Environment is spelled right',
    'medium',
    'The key "enviroment" should be spelled "environment".',
  ],
  ['no-empty-value', 'No tag is empty', 'low', 'The key "cost-center" has an empty value.'],
  [
    'stale-keys',
    'Keys of dead projects are gone',
    'info',
    'No project is called "helios" any more; the key was last written 412 days ago.',
  ],
  [
    'latest-moves',
    'Released tags do not move',
    'critical',
    'The tag "v4.2.0" pointed at sha256:41af09… and now points at sha256:99cd0e….',
  ],
  [
    'version-style',
    'One way to write a version',
    'medium',
    'The tags "v1.2", "1.2.0" and "release_1_2" name the same release in three ways.',
  ],
  ['値は小文字', '値は小文字で書く', 'low', '値「本番環境」は許可された値ではありません。'],
  [
    'kept-too-long',
    'Images are kept for 90 days',
    'medium',
    'The image is 203 days old, nobody runs it, and it holds 1.4 GB.',
  ],
];

const VALUES: readonly (string | null)[] = [
  'prod',
  null,
  '',
  'Разработка и тестирование',
  '本番環境・サービス基盤',
  'λειτουργία',
  'هندسة المنصة',
  'team 🚀 rocket',
  'own\u200ber\u202e',
  "=cmd|'/c calc'!A1",
  'サーバー 한국어 中文',
  `${'very-long-value/'.repeat(125)}end`,
];

/** A report as a large organisation gets it: every platform, many scripts, long and hostile texts. */
export function richReport(findingCount = 400): ReportModel {
  const targets = TARGETS.map(([name, platform, location, score], index) =>
    targetRecord({ id: `target-${index + 1}`, name, platform, location, hygieneScore: score }),
  );
  const findings = Array.from({ length: findingCount }, (_, index) => richFinding(index));
  return reportModel({
    findings,
    summary: {
      targets,
      score: 81.27,
      scoreBefore: 78.9,
      tags: 48_211,
      totals: { open: 1_284, new: 37, resolved: 112, suppressed: 29, flapping: 8, fixable: 903 },
      byTarget: targets.map(({ id, hygieneScore }, index) => targetSummary(id, hygieneScore, index)),
      teamsBeyond: 4,
      oldest: findings.filter(({ state }) => state === 'OPEN').slice(0, 10),
      packChanges: packChanges(),
      ...breakdowns(),
      ...unknowns(),
    },
  });
}

function breakdowns() {
  const teams = ['payments', 'platform', 'データ基盤', 'mobile', null, 'поиск', 'security'];
  return {
    trend: Array.from({ length: 26 }, (_, week) => ({
      at: new Date(END - (25 - week) * 7 * DAY_MS),
      score: 62 + week * 0.77 + 4 * Math.sin(week / 2.3),
      open: 1_900 - week * 21 - Math.round(60 * Math.sin(week / 2.3)),
    })),
    bySeverity: SEVERITIES.toReversed().map((severity, index) => ({
      severity,
      ...countsOf([9, 141, 602, 388, 144][index] ?? 0),
    })),
    byRule: RULES.map(([ruleId, title, severity], index) => ({
      rulePack: index < 5 ? 'labels' : 'releases',
      ruleId,
      title,
      severity,
      ...countsOf(412 - index * 51),
    })),
    byPlatform: [
      { platform: 'ec2', targets: 4, score: 83.3, ...countsOf(702) },
      { platform: 'git', targets: 2, score: 94.1, ...countsOf(120) },
      { platform: 'registry', targets: 2, score: 54.7, ...countsOf(391) },
      { platform: 'docker', targets: 1, score: 73.3, ...countsOf(71) },
    ] as const,
    byTeam: teams.map((team, index) => ({ team, ...countsOf(388 - index * 48) })),
  };
}

function unknowns() {
  const fact = (targetId: string, ruleId: string, needs: string, resources: number) => ({
    targetId,
    rulePack: 'releases',
    ruleId,
    needs,
    resources,
  });
  return {
    errors: [
      {
        targetId: 'target-2',
        scope: '444455556666/ap-southeast-3',
        code: 'REMOTE_FORBIDDEN',
        message: 'ec2:DescribeTags is denied to the role tagward-read; grant it, or leave the region out.',
      },
      {
        targetId: 'target-7',
        scope: 'library/legacy',
        code: 'REMOTE_TIMEOUT',
        message: 'The registry did not answer within 30 s.',
      },
    ],
    notEvaluated: [
      fact('target-7', 'kept-too-long', 'when an image was last pulled', 1_204),
      fact('target-8', 'latest-moves', 'where names pointed when last seen', 12),
    ],
  };
}

function countsOf(open: number) {
  const ceil = (share: number) => Math.ceil(open * share);
  return { open, new: ceil(0.03), resolved: ceil(0.08), suppressed: ceil(0.02) };
}

function targetSummary(targetId: string, score: number | null, index: number): TargetSummary {
  return {
    targetId,
    tags: score === null ? 0 : 12_000 - index * 1_307,
    score,
    scoreBefore: score === null ? null : score - 2.4 + index * 0.6,
    lastScan: score === null ? null : { status: 'SUCCEEDED', finishedAt: new Date(END - index * 3_600_000) },
    ...countsOf(score === null ? 0 : 402 - index * 44),
  };
}

function packChanges(): PackChange[] {
  const at = (day: number) => new Date(END - day * DAY_MS);
  return [
    {
      name: 'labels',
      fromVersion: 6,
      toVersion: 7,
      at: at(5),
      by: 'token:platform-team',
      added: ['no-empty-value', 'stale-keys'],
      removed: ['old-owner'],
    },
    {
      name: 'releases',
      fromVersion: null,
      toVersion: 1,
      at: at(3),
      by: 'user:mira.öztürk',
      added: ['kept-too-long', 'version-style', 'latest-moves'],
      removed: [],
    },
    {
      name: 'trial',
      fromVersion: 2,
      toVersion: null,
      at: at(1),
      by: 'token:platform-team',
      added: [],
      removed: [],
    },
  ];
}

function richFinding(index: number): FindingRecord {
  const [ruleId, , severity, message] = RULES[(index * 5) % RULES.length] ?? ['', '', 'low', ''];
  const state = index % 11 === 3 ? 'RESOLVED' : index % 17 === 5 ? 'SUPPRESSED' : 'OPEN';
  const firstSeenAt = new Date(END - (index % 190) * DAY_MS - 3_600_000);
  const value = VALUES[index % VALUES.length] ?? null;
  return findingRecord({
    id: fingerprint(index),
    targetId: `target-${(index % TARGETS.length) + 1}`,
    scope: index % 3 === 0 ? '111122223333/eu-west-1' : index % 3 === 1 ? 'library/web-frontend' : null,
    rulePack: 'labels',
    ruleId,
    severity,
    state,
    resource: index % 13 === 6 ? '中文资源/サービス-フロントエンド' : `i-0${fingerprint(index).slice(0, 16)}`,
    tag: ruleId === 'must-have-owner' ? 'owner' : 'enviroment',
    value,
    message,
    suggestion: index % 4 === 0 ? null : 'Rename the key "enviroment" to "environment".',
    blocked: index % 9 === 4,
    fixAtSource: index % 14 === 2 ? 'terraform: module.web.aws_instance.app' : null,
    flapping: index % 23 === 7,
    timesReopened: index % 23 === 7 ? 3 : 0,
    firstSeenAt,
    lastSeenAt: new Date(END),
    resolvedAt: state === 'RESOLVED' ? new Date(END - 2 * DAY_MS) : null,
    suppression:
      state === 'SUPPRESSED'
        ? {
            reason: 'Moves with the data centre in January.',
            by: 'token:ops',
            at: new Date(END),
            until: new Date(END + 40 * DAY_MS),
          }
        : null,
  });
}

/** 32 hexadecimal digits, as a fingerprint has. */
function fingerprint(index: number): string {
  return ((index + 1) * 2_654_435_761).toString(16).padStart(16, '0').repeat(2);
}
