import { HygieneError, notFound } from '#core';
import type { OperationInput } from '../operations/catalog.js';
import type { OperationOutputs } from '../operations/outputs.js';
import type { Viewer } from '../records/access.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import { apiTokenPrefix, hashApiToken, newApiToken } from './api-token.js';

/** Makes an API token; its text is in this answer and nowhere else. */
export class CreateApiToken {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>) {}

  async execute(
    viewer: Viewer,
    input: OperationInput<'createApiToken'>,
  ): Promise<OperationOutputs['createApiToken']> {
    const { database, clock } = this.deps;
    if (input.expiresAt !== undefined && input.expiresAt <= clock.now()) {
      throw new HygieneError('INPUT_INVALID', 'expiresAt: expected a time to come.', {
        faults: [{ path: 'expiresAt', message: 'expected a time to come' }],
      });
    }
    const token = newApiToken();
    const scopes = [...new Set(input.scopes)];
    return database.transaction(async (stores) => {
      for (const id of input.targetIds ?? []) {
        if ((await stores.targets.find(id)) === null) throw notFound('target', id);
      }
      const apiToken = await stores.apiTokens.insert({
        name: input.name,
        prefix: apiTokenPrefix(token),
        hash: hashApiToken(token),
        scopes,
        targetIds: input.targetIds ?? null,
        expiresAt: input.expiresAt ?? null,
      });
      await recordAudit(stores, clock, {
        operation: 'createApiToken',
        viewer,
        subject: `api-token:${apiToken.id}`,
        details: { name: apiToken.name, scopes, targetIds: apiToken.targetIds },
      });
      return { apiToken, token };
    });
  }
}
