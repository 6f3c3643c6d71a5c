import { notFound } from '#core';
import type { Viewer } from '../records/access.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';

/** Retires a pack: it runs no more, its versions stay readable for old scans, its findings resolve at the next scan. */
export class DeleteRulePack {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>) {}

  async execute(viewer: Viewer, input: { name: string }): Promise<boolean> {
    const { database, clock } = this.deps;
    return database.transaction(async (stores) => {
      const pack = await stores.rulePacks.find(input.name);
      if (pack === null || !(await stores.rulePacks.remove(input.name)))
        throw notFound('rule pack', input.name);
      await recordAudit(stores, clock, {
        operation: 'deleteRulePack',
        viewer,
        subject: `rule-pack:${input.name}`,
        details: { version: pack.version },
      });
      return true;
    });
  }
}
