import { HygieneError, notFound, type RuleSummary, type Severity } from '#core';
import type { Operations } from '../operations/operations.js';
import type { Viewer } from '../records/access.js';
import type { FindingRecord } from '../records/finding.js';
import type { Page } from '../records/page.js';
import { isFinished, type ScanRecord } from '../records/scan.js';
import type { TargetRecord } from '../records/target.js';

const PAGE_SIZE = 200;
const ASK_AGAIN_MS = 2_000;

/** What a scan that has ended came to, as tools of others take it. */
export interface ScanResults {
  readonly scan: ScanRecord;
  readonly target: TargetRecord;
  /** Those that the scan ran on the target's platform, in the order of their packs, then others that it tells of. */
  readonly rules: readonly ScannedRule[];
  /** Open findings that the scan saw, most severe first, a page in memory at a time. @param rule `pack/rule`; none: of all rules */
  findings(rule?: string): AsyncIterable<FindingRecord>;
  /** How many findings of a rule there are. @param severities none: of all */
  count(rule: string, severities?: readonly Severity[]): Promise<number>;
}

export interface ScannedRule {
  /** `pack/rule` */
  readonly id: string;
  readonly rulePack: string;
  /** Of the pack that the scan ran; null for a rule that no pack holds. */
  readonly version: number | null;
  /** null when the pack is gone, or Tagward's own rule found it. */
  readonly summary: RuleSummary | null;
}

/** Reads results through the operations: what a viewer may not read is in no file either. */
export class ReadScanResults {
  constructor(private readonly operations: Pick<Operations, 'run'>) {}

  /** @throws HygieneError SCOPE_MISSING, NOT_FOUND, SCAN_RUNNING while it has not ended */
  async execute(viewer: Viewer, id: string): Promise<ScanResults> {
    const scan = await this.operations.run('scan', viewer, { id });
    if (scan === null) throw notFound('scan', id);
    if (!isFinished(scan.status)) throw running(scan);
    const target = await this.operations.run('target', viewer, { id: scan.targetId });
    if (target === null) throw notFound('scan', id);
    const filter = { scanId: scan.id, targetIds: [target.id], states: ['OPEN'] };
    return {
      scan,
      target,
      rules: await this.rulesOf(viewer, scan, target),
      findings: (rule) => this.pages(viewer, rule === undefined ? filter : { ...filter, ruleIds: [rule] }),
      count: async (rule, severities) => {
        const limits = { ruleIds: [rule], ...(severities === undefined ? {} : { severities }), first: 1 };
        const page = await this.operations.run('findings', viewer, { ...filter, ...limits });
        return page.edges.length === 0 ? 0 : page.totalCount();
      },
    };
  }

  private async rulesOf(viewer: Viewer, scan: ScanRecord, target: TargetRecord): Promise<ScannedRule[]> {
    const rules = new Map<string, ScannedRule>();
    const packs = new Map(scan.rulePacks.map(({ name, version }) => [name, version]));
    for (const { name, version } of scan.rulePacks) {
      const pack = await this.operations.run('rulePack', viewer, { name, version });
      for (const summary of pack?.rules ?? []) {
        const id = `${name}/${summary.key}`;
        if (summary.platforms.includes(target.platform))
          rules.set(id, { id, rulePack: name, version, summary });
      }
    }
    const told = [
      ...scan.counts.byRule.map(({ name }) => name),
      ...scan.notEvaluated.map(({ rulePack, ruleId }) => `${rulePack}/${ruleId}`),
    ];
    for (const id of told) {
      const rulePack = id.slice(0, id.indexOf('/'));
      if (!rules.has(id))
        rules.set(id, { id, rulePack, version: packs.get(rulePack) ?? null, summary: null });
    }
    return [...rules.values()];
  }

  private async *pages(viewer: Viewer, filter: object): AsyncGenerator<FindingRecord, void, void> {
    let after: string | undefined;
    do {
      const request = { ...filter, first: PAGE_SIZE, ...(after === undefined ? {} : { after }) };
      const page: Page<FindingRecord> = await this.operations.run('findings', viewer, request);
      for (const { node } of page.edges) yield node;
      after = page.hasNextPage ? page.edges.at(-1)?.cursor : undefined;
    } while (after !== undefined);
  }
}

function running(scan: ScanRecord): HygieneError {
  return new HygieneError(
    'SCAN_RUNNING',
    `The scan is ${scan.status} yet; ask again when it has ended, or wait for it with \`?wait=60\` at the scan.`,
    { retryAfterMs: ASK_AGAIN_MS },
  );
}
