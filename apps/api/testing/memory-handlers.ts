import type { OperationHandlers, Page, Viewer } from '#application';
import { HygieneError, notFound } from '#core';
import * as samples from './sample-records.js';

export const TARGET_IDS = ['t1', 't2'];
export const FINDINGS = Array.from({ length: 450 }, (_, index) =>
  samples.sampleFinding(`f${index}`, TARGET_IDS[index % 2] ?? 't1'),
);
const RESOURCES = Array.from({ length: 5 }, (_, index) => samples.sampleResource(`r${index}`, 't1'));
const TAGS = Array.from({ length: 5 }, (_, index) => samples.sampleTag(`g${index}`, 't1'));

/** What handlers saw, for specs to look at. */
export interface Seen {
  readonly inputs: Record<string, unknown>[];
  counted: number;
}

const visible = <T extends { targetId: string }>(viewer: Viewer, rows: readonly T[]) =>
  rows.filter(({ targetId }) => viewer.targetIds?.includes(targetId) ?? true);

/** The operations over a handful of rows; the real ones are tested where they live. */
export function memoryHandlers(seen: Seen, report: { bytes: number; sha256: string }): OperationHandlers {
  const page = <T>(rows: readonly T[], input: { first: number; after?: string | undefined }): Page<T> => {
    seen.inputs.push({ ...input });
    const start = input.after === undefined ? 0 : Number(input.after) + 1;
    if (Number.isNaN(start)) throw new HygieneError('CURSOR_INVALID', 'The cursor is none of ours.');
    const edges = rows
      .slice(start, start + input.first)
      .map((node, index) => ({ cursor: String(start + index), node }));
    return {
      edges,
      hasNextPage: start + input.first < rows.length,
      totalCount: async () => {
        seen.counted += 1;
        return rows.length;
      },
    };
  };
  const see = <T>(input: object, output: T): T => {
    seen.inputs.push({ ...input });
    return output;
  };
  const target = (viewer: Viewer, id: string) =>
    TARGET_IDS.includes(id) && (viewer.targetIds?.includes(id) ?? true) ? samples.sampleTarget(id) : null;
  const mustSee = (viewer: Viewer, id: string) => {
    const found = target(viewer, id);
    if (found === null) throw notFound('target', id);
    return found;
  };
  const finding = (viewer: Viewer, id: string) =>
    visible(viewer, FINDINGS).find((row) => row.id === id) ?? null;
  return {
    me: async (viewer) => viewer,
    targets: async (viewer, input) =>
      page(
        TARGET_IDS.flatMap((id) => target(viewer, id) ?? []),
        input,
      ),
    target: async (viewer, { id }) => target(viewer, id),
    createTarget: async (_viewer, input) => see(input, { ...samples.sampleTarget('t9'), name: input.name }),
    updateTarget: async (viewer, input) => see(input, mustSee(viewer, input.id)),
    probeTarget: async (viewer, { id }) => mustSee(viewer, id),
    deleteTarget: async (viewer, { id }) => Boolean(mustSee(viewer, id)),
    credentials: async (_viewer, input) => page([samples.sampleCredential], input),
    createCredential: async (_viewer, input) => see(input, samples.sampleCredential),
    rotateCredential: async () => samples.sampleCredential,
    deleteCredential: async () => true,
    rulePacks: async (_viewer, input) => page([samples.samplePack], input),
    rulePack: async (_viewer, { name }) => (name === 'labels' ? samples.samplePack : null),
    validateRulePack: async (_viewer, input) => see(input, [DIAGNOSTIC]),
    putRulePack: async (_viewer, input) => {
      seen.inputs.push({ ...input });
      if (input.expectedVersion !== undefined && input.expectedVersion !== 3)
        throw new HygieneError('VERSION_CONFLICT', 'The stored version is 3.');
      const refused = input.document.includes('broken');
      return {
        rulePack: refused ? null : samples.samplePack,
        diagnostics: refused ? [DIAGNOSTIC] : [],
        fidelity: [],
      };
    },
    deleteRulePack: async () => true,
    scans: async (viewer, input) => page(visible(viewer, [samples.sampleScan('s1', 't1')]), input),
    scan: async (viewer, { id }) =>
      visible(viewer, [samples.sampleScan(id, id === 's1' ? 't1' : 't2')])[0] ?? null,
    startScan: async (_viewer, input) => see(input, samples.sampleScan('s2', input.targetId)),
    cancelScan: async (_viewer, { id }) => samples.sampleScan(id, 't1'),
    findings: async (viewer, input) => page(visible(viewer, FINDINGS), input),
    finding: async (viewer, { id }) => finding(viewer, id),
    suppressFinding: async (viewer, input) => {
      const found = finding(viewer, input.id);
      if (found === null) throw notFound('finding', input.id);
      const by = viewer.subject;
      return {
        ...found,
        suppression: { reason: input.reason, by, at: found.firstSeenAt, until: input.until ?? null },
      };
    },
    suppressFindings: async (_viewer, input) => see(input, 7),
    unsuppressFinding: async (viewer, { id }) => finding(viewer, id) ?? samples.sampleFinding(id, 't1'),
    tags: async (viewer, input) => page(visible(viewer, TAGS), input),
    resources: async (viewer, input) => page(visible(viewer, RESOURCES), input),
    reports: async (_viewer, input) => page([samples.sampleReport('rep1', report)], input),
    report: async (viewer, { id }) =>
      id === 'rep1' && viewer.targetIds === null ? samples.sampleReport('rep1', report) : null,
    generateReport: async (_viewer, input) => see(input, samples.sampleReport('rep1', report)),
    auditEvents: async (_viewer, input) =>
      page([samples.sampleAuditEvent(2), samples.sampleAuditEvent(1)], input),
    verifyAuditLog: async () => ({ ok: true, events: 2, brokenAt: null, head: 'b'.repeat(64) }),
    apiTokens: async (_viewer, input) => page([samples.sampleToken], input),
    createApiToken: async (_viewer, input) =>
      see(input, { apiToken: samples.sampleToken, token: 'twd_once' }),
    revokeApiToken: async () => true,
  };
}

const DIAGNOSTIC = {
  message: 'An unknown kind.',
  line: 4,
  column: 3,
  path: 'rules.0.kind',
  severity: 'critical',
} as const;
