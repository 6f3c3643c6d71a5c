import { HmacLinkSigner, type OperationHandlers, type Page, ReportLinks, type Viewer } from '#application';
import { HygieneError, notFound } from '#core';
import * as samples from './sample-records.js';

export const TARGET_IDS = ['t1', 't2'];
export const FINDINGS = Array.from({ length: 450 }, (_, index) =>
  samples.sampleFinding(`f${index}`, TARGET_IDS[index % 2] ?? 't1'),
);
const RESOURCES = Array.from({ length: 5 }, (_, index) => samples.sampleResource(`r${index}`, 't1'));
const TAGS = Array.from({ length: 5 }, (_, index) => samples.sampleTag(`g${index}`, 't1'));

/** What the fixture signs links with, and when it does. */
export const LINK_SIGNER = new HmacLinkSigner(Buffer.alloc(32, 5));
export const LINKS_BEGIN = new Date('2026-03-09T08:00:00Z');

/** What handlers saw, for specs to look at. */
export interface Seen {
  readonly inputs: Record<string, unknown>[];
  counted: number;
}

const visible = <T extends { targetId: string }>(viewer: Viewer, rows: readonly T[]) =>
  rows.filter(({ targetId }) => viewer.targetIds?.includes(targetId) ?? true);

/** The operations over a handful of rows; the real ones are tested where they live. */
export function memoryHandlers(seen: Seen, report: ReportFixture): OperationHandlers {
  const tools = new Tools(seen);
  return {
    ...targetHandlers(tools),
    ...rulePackHandlers(tools),
    ...scanHandlers(tools),
    ...inventoryHandlers(tools),
    ...accountHandlers(tools, report),
    ...notificationHandlers(tools),
    ...webhookHandlers(tools),
  };
}

interface ReportFixture {
  readonly bytes: number;
  readonly sha256: string;
}

class Tools {
  constructor(readonly seen: Seen) {}

  see<T>(input: object, output: T): T {
    this.seen.inputs.push({ ...input });
    return output;
  }

  page<T>(rows: readonly T[], input: { first: number; after?: string | undefined }): Page<T> {
    this.seen.inputs.push({ ...input });
    const start = input.after === undefined ? 0 : Number(input.after) + 1;
    if (Number.isNaN(start)) throw new HygieneError('CURSOR_INVALID', 'The cursor is none of ours.');
    const edges = rows
      .slice(start, start + input.first)
      .map((node, index) => ({ cursor: String(start + index), node }));
    return {
      edges,
      hasNextPage: start + input.first < rows.length,
      totalCount: async () => {
        this.seen.counted += 1;
        return rows.length;
      },
    };
  }
}

function targetOf(viewer: Viewer, id: string) {
  const exists = TARGET_IDS.includes(id) && (viewer.targetIds?.includes(id) ?? true);
  return exists ? samples.sampleTarget(id) : null;
}

function mustSee(viewer: Viewer, id: string) {
  const found = targetOf(viewer, id);
  if (found === null) throw notFound('target', id);
  return found;
}

const findingOf = (viewer: Viewer, id: string) =>
  visible(viewer, FINDINGS).find((row) => row.id === id) ?? null;

function targetHandlers(tools: Tools) {
  return {
    targets: async (viewer, input) =>
      tools.page(
        TARGET_IDS.flatMap((id) => targetOf(viewer, id) ?? []),
        input,
      ),
    target: async (viewer, { id }) => targetOf(viewer, id),
    createTarget: async (_viewer, input) =>
      tools.see(input, { ...samples.sampleTarget('t9'), name: input.name }),
    updateTarget: async (viewer, input) => tools.see(input, mustSee(viewer, input.id)),
    probeTarget: async (viewer, { id }) => mustSee(viewer, id),
    deleteTarget: async (viewer, { id }) => mustSee(viewer, id).id === id,
    credentials: async (_viewer, input) => tools.page([samples.sampleCredential], input),
    createCredential: async (_viewer, input) => tools.see(input, samples.sampleCredential),
    rotateCredential: async () => samples.sampleCredential,
    deleteCredential: async () => true,
  } satisfies Partial<OperationHandlers>;
}

function rulePackHandlers(tools: Tools) {
  return {
    rulePacks: async (_viewer, input) => tools.page([samples.samplePack], input),
    rulePack: async (_viewer, { name }) => (name === 'labels' ? samples.samplePack : null),
    validateRulePack: async (_viewer, input) => tools.see(input, [DIAGNOSTIC]),
    putRulePack: async (_viewer, input) => {
      tools.see(input, null);
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
    checkTags: async (_viewer, input) => tools.see(input, samples.sampleAdmission),
    explainTag: async (viewer, input) => {
      mustSee(viewer, input.targetId);
      return tools.see(input, samples.sampleExplanation);
    },
  } satisfies Partial<OperationHandlers>;
}

function scanHandlers(tools: Tools) {
  return {
    scans: async (viewer, input) => tools.page(visible(viewer, [samples.sampleScan('s1', 't1')]), input),
    scan: async (viewer, { id }) =>
      id === 's1' || id === 's2'
        ? (visible(viewer, [samples.sampleScan(id, `t${id.slice(1)}`)])[0] ?? null)
        : null,
    startScan: async (_viewer, input) => tools.see(input, samples.sampleScan('s2', input.targetId)),
    cancelScan: async (_viewer, { id }) => samples.sampleScan(id, 't1'),
  } satisfies Partial<OperationHandlers>;
}

function inventoryHandlers(tools: Tools) {
  const mustFind = (viewer: Viewer, id: string) => {
    const found = findingOf(viewer, id);
    if (found === null) throw notFound('finding', id);
    return found;
  };
  return {
    findings: async (viewer, input) => tools.page(visible(viewer, FINDINGS), input),
    finding: async (viewer, { id }) => findingOf(viewer, id),
    findingStats: async (_viewer, input) => tools.see(input, [samples.sampleStat]),
    scoreHistory: async (_viewer, input) => tools.see(input, [samples.sampleScorePoint]),
    suppressFinding: async (viewer, { id, reason, until }) => {
      const found = mustFind(viewer, id);
      const suppression = { reason, by: viewer.subject, at: found.firstSeenAt, until: until ?? null };
      return { ...found, state: 'SUPPRESSED', suppression };
    },
    suppressFindings: async (_viewer, input) => tools.see(input, 7),
    unsuppressFinding: async (viewer, { id }) => mustFind(viewer, id),
    tags: async (viewer, input) => tools.page(visible(viewer, TAGS), input),
    resources: async (viewer, input) => tools.page(visible(viewer, RESOURCES), input),
  } satisfies Partial<OperationHandlers>;
}

function accountHandlers(tools: Tools, file: ReportFixture) {
  const links = new ReportLinks({ linkSigner: LINK_SIGNER, clock: { now: () => LINKS_BEGIN } });
  const report = samples.sampleReport('rep1', file);
  return {
    me: async (viewer) => viewer,
    reports: async (_viewer, input) => tools.page([report], input),
    report: async (viewer, { id }) => (id === 'rep1' && viewer.targetIds === null ? report : null),
    generateReport: async (_viewer, input) => tools.see(input, report),
    schedules: async (_viewer, input) => tools.page([samples.sampleSchedule], input),
    upsertSchedule: async (_viewer, input) =>
      tools.see(input, { ...samples.sampleSchedule, name: input.name, targetIds: input.targetIds ?? null }),
    deleteSchedule: async () => true,
    signReportFile: async (viewer, { id, format, expiresInSeconds }) => {
      if (id !== 'rep1' || viewer.targetIds !== null) throw notFound('report file', id);
      const expiresAt = new Date(LINKS_BEGIN.getTime() + expiresInSeconds * 1_000);
      return { link: links.sign(id, format, expiresAt), expiresAt };
    },
    auditEvents: async (_viewer, input) =>
      tools.page([samples.sampleAuditEvent(2), samples.sampleAuditEvent(1)], input),
    verifyAuditLog: async () => ({ ok: true, events: 2, brokenAt: null, head: 'b'.repeat(64) }),
    apiTokens: async (_viewer, input) => tools.page([samples.sampleToken], input),
    createApiToken: async (_viewer, input) =>
      tools.see(input, { apiToken: samples.sampleToken, token: 'twd_once' }),
    revokeApiToken: async () => true,
  } satisfies Partial<OperationHandlers>;
}

function notificationHandlers(tools: Tools) {
  const deliveries = ['d2', 'd1'].map(samples.sampleDelivery);
  return {
    notificationChannels: async () => [samples.sampleChannel('n1'), samples.sampleChannel('n2')],
    notificationDeliveries: async (_viewer, input) => tools.page(deliveries, input),
    upsertNotificationChannel: async (_viewer, input) => tools.see(input, samples.sampleChannel('n1')),
    deleteNotificationChannel: async () => true,
    redeliver: async (_viewer, { id }) => samples.sampleDelivery(id),
  } satisfies Partial<OperationHandlers>;
}

function webhookHandlers(tools: Tools) {
  const created = { webhook: samples.sampleWebhook('w1'), secret: 'whsec_once' };
  return {
    webhooks: async (_viewer, input) =>
      tools.page([samples.sampleWebhook('w1'), samples.sampleWebhook('w2')], input),
    webhook: async (_viewer, { id }) => (id === 'w1' ? samples.sampleWebhook('w1') : null),
    webhookDeliveries: async (_viewer, input) => tools.page([samples.sampleWebhookDelivery(input.id)], input),
    createWebhook: async (_viewer, input) => tools.see(input, created),
    rotateWebhookSecret: async () => created,
    deleteWebhook: async () => true,
  } satisfies Partial<OperationHandlers>;
}

const DIAGNOSTIC = {
  message: 'An unknown kind.',
  line: 4,
  column: 3,
  path: 'rules.0.kind',
  severity: 'critical',
} as const;
