import { notFound } from '#core';
import type { Viewer } from '../records/access.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';

/** Removes a credential that no target uses. */
export class DeleteCredential {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>) {}

  /** @throws HygieneError IN_USE that names the targets, NOT_FOUND */
  async execute(viewer: Viewer, input: { id: string }): Promise<boolean> {
    const { database, clock } = this.deps;
    return database.transaction(async (stores) => {
      const credential = await stores.credentials.find(input.id);
      if (credential === null || !(await stores.credentials.remove(input.id)))
        throw notFound('credential', input.id);
      await recordAudit(stores, clock, {
        operation: 'deleteCredential',
        viewer,
        subject: `credential:${input.id}`,
        details: { name: credential.name, kind: credential.kind },
      });
      return true;
    });
  }
}
