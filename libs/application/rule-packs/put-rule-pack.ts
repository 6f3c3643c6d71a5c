import { parseRulePack, runPackTests, summarizeRules, type Diagnostic } from '#core';
import type { OperationInput } from '../operations/catalog.js';
import type { RulePackResult } from '../operations/outputs.js';
import type { Viewer } from '../records/access.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';

/** Stores a document as the next version of a pack. A document that says what the latest version says makes no new one. */
export class PutRulePack {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>) {}

  /** @throws HygieneError VERSION_CONFLICT when `expectedVersion` is not the stored one */
  async execute(viewer: Viewer, input: OperationInput<'putRulePack'>): Promise<RulePackResult> {
    const { database, clock } = this.deps;
    const { pack, diagnostics: parsing } = parseRulePack(input.document);
    const misnamed = pack === null ? [] : nameFaults(pack.name, input.name);
    if (pack === null || misnamed.length > 0) {
      return { rulePack: null, diagnostics: [...parsing, ...misnamed], fidelity: [] };
    }
    const diagnostics = [...parsing, ...runPackTests(pack, clock.now())];
    return database.transaction(async (stores) => {
      const latest = await stores.rulePacks.find(input.name);
      const expected = input.expectedVersion ?? null;
      const unchanged =
        latest?.document === input.document && (expected === null || expected === latest.version);
      if (latest !== null && unchanged) return { rulePack: latest, diagnostics, fidelity: [] };
      const rulePack = await stores.rulePacks.append({
        name: input.name,
        document: input.document,
        rules: summarizeRules(pack),
        createdBy: viewer.subject,
        expectedVersion: expected,
      });
      await recordAudit(stores, clock, {
        operation: 'putRulePack',
        viewer,
        subject: `rule-pack:${input.name}`,
        details: { version: rulePack.version, rules: rulePack.rules.length },
      });
      return { rulePack, diagnostics, fidelity: [] };
    });
  }
}

function nameFaults(written: string, asked: string): Diagnostic[] {
  if (written === asked) return [];
  const message = `The document calls its pack ${JSON.stringify(written)}, but it is to be stored as ${JSON.stringify(asked)}; make both the same.`;
  return [{ message, line: null, column: null, path: 'pack', severity: 'critical' }];
}
