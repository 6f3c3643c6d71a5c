import type { FindingRecord, ScanRecord, ScanResults, ScannedRule, TargetRecord } from '#application';
import type { Severity } from '#core';
import { targetRecord } from './report-model.fixture.js';

export function scanRecord(changes: Partial<ScanRecord> = {}): ScanRecord {
  return {
    id: '0197a5c0-0000-7000-8000-000000000001',
    targetId: 'target-1',
    status: 'SUCCEEDED',
    trigger: 'MANUAL',
    rulePacks: [{ name: 'labels', version: 3 }],
    scopes: null,
    progress: { done: 1, total: 1 },
    resources: 2,
    tags: 4,
    counts: { open: 1, new: 1, resolved: 0, bySeverity: [], byRule: [] },
    notEvaluated: [],
    errors: [],
    queuedAt: new Date('2026-11-20T08:00:00.000Z'),
    startedAt: new Date('2026-11-20T08:00:01.250Z'),
    finishedAt: new Date('2026-11-20T08:00:09.000Z'),
    ...changes,
  };
}

export const SPELLING: ScannedRule = {
  id: 'labels/environment-spelling',
  rulePack: 'labels',
  version: 3,
  summary: {
    key: 'environment-spelling',
    title: 'Keys are spelled "environment"',
    kind: 'key-spelling',
    platforms: ['ec2'],
    severity: 'medium',
    fixable: true,
  },
};

interface Parts {
  readonly scan?: Partial<ScanRecord>;
  readonly target?: Partial<TargetRecord>;
  readonly rules?: readonly ScannedRule[];
  readonly findings?: readonly FindingRecord[];
}

/** What a scan came to; one rule and no findings unless a test says more. */
export function scanResults({ scan, target, rules = [SPELLING], findings = [] }: Parts = {}): ScanResults {
  const ofRule = (rule?: string) =>
    findings.filter(({ rulePack, ruleId }) => rule === undefined || `${rulePack}/${ruleId}` === rule);
  return {
    scan: scanRecord(scan),
    target: targetRecord(target),
    rules,
    async *findings(rule) {
      yield* ofRule(rule);
    },
    count: async (rule, severities?: readonly Severity[]) =>
      ofRule(rule).filter(({ severity }) => severities?.includes(severity) ?? true).length,
  };
}
