import { notFound } from '#core';
import type { OperationInput } from '../operations/catalog.js';
import type { Viewer } from '../records/access.js';
import type { CredentialRecord } from '../records/credential.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import { parseSecret } from './credential-secrets.js';

/** Replaces a secret; jobs that start from now on use the new one. */
export class RotateCredential {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'secretBox' | 'clock'>) {}

  async execute(viewer: Viewer, input: OperationInput<'rotateCredential'>): Promise<CredentialRecord> {
    const { database, secretBox, clock } = this.deps;
    return database.transaction(async (stores) => {
      const before = await stores.credentials.find(input.id);
      if (before === null) throw notFound('credential', input.id);
      const sealed = secretBox.seal(parseSecret(before.kind, input.secret), before.id);
      const rotated = await stores.credentials.rotate(before.id, sealed);
      if (rotated === null) throw notFound('credential', input.id);
      await recordAudit(stores, clock, {
        operation: 'rotateCredential',
        viewer,
        subject: `credential:${before.id}`,
        details: { name: before.name },
      });
      return rotated;
    });
  }
}
