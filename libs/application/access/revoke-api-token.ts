import { notFound } from '#core';
import type { Viewer } from '../records/access.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';

/** Revokes a token: the next request with it is refused. */
export class RevokeApiToken {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>) {}

  async execute(viewer: Viewer, input: { id: string }): Promise<boolean> {
    const { database, clock } = this.deps;
    return database.transaction(async (stores) => {
      const token = await stores.apiTokens.find(input.id);
      if (token === null || !(await stores.apiTokens.revoke(input.id))) throw notFound('API token', input.id);
      await recordAudit(stores, clock, {
        operation: 'revokeApiToken',
        viewer,
        subject: `api-token:${input.id}`,
        details: { name: token.name },
      });
      return true;
    });
  }
}
