import { HygieneError, type Connector } from '#core';
import type { TargetRecord } from '../records/target.js';
import type { UseCaseDependencies } from '../use-case-context.js';

/** Opens a connector to a target with the target's credential. Whoever calls closes it. */
export class OpenTarget {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'connectors' | 'secretBox'>) {}

  /** @throws HygieneError CREDENTIAL_INVALID, and what the connector's `open` throws */
  async execute(target: TargetRecord): Promise<Connector> {
    return this.deps.connectors.open(target.platform, target.config, await this.secretOf(target));
  }

  private async secretOf(target: TargetRecord): Promise<Parameters<typeof this.deps.connectors.open>[2]> {
    const id = target.credentialId;
    if (id === null) return null;
    const { credentials } = this.deps.database.stores;
    const [credential, sealed] = await Promise.all([credentials.find(id), credentials.sealedSecret(id)]);
    if (credential === null || sealed === null) {
      throw new HygieneError(
        'CREDENTIAL_INVALID',
        `The credential of ${JSON.stringify(target.name)} is gone.`,
      );
    }
    const values = this.deps.secretBox.open(sealed, id);
    await credentials.touch(id);
    return { kind: credential.kind, values };
  }
}
