import { v7 as uuidv7 } from 'uuid';
import type { OperationInput } from '../operations/catalog.js';
import type { Viewer } from '../records/access.js';
import type { CredentialRecord } from '../records/credential.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import { parseSecret } from './credential-secrets.js';

/** Stores a secret, sealed and bound to its row. */
export class CreateCredential {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'secretBox' | 'clock'>) {}

  async execute(viewer: Viewer, input: OperationInput<'createCredential'>): Promise<CredentialRecord> {
    const { database, secretBox, clock } = this.deps;
    const secret = parseSecret(input.kind, input.secret);
    const id = uuidv7();
    return database.transaction(async (stores) => {
      const sealedSecret = secretBox.seal(secret, id);
      const credential = await stores.credentials.insert({
        id,
        name: input.name,
        kind: input.kind,
        sealedSecret,
      });
      await recordAudit(stores, clock, {
        operation: 'createCredential',
        viewer,
        subject: `credential:${id}`,
        details: { name: input.name, kind: input.kind },
      });
      return credential;
    });
  }
}
