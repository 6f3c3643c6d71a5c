import { HygieneError, PLATFORMS } from '#core';
import type { OperationInput } from '../operations/catalog.js';
import type { Viewer } from '../records/access.js';
import type { TargetRecord } from '../records/target.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import { checkConfig, checkCredential, checkRulePacks, givenPlatform } from './target-config.js';

/** Adds a target. Its configuration is checked whole; the place itself is not contacted. */
export class CreateTarget {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'connectors' | 'clock'>) {}

  async execute(viewer: Viewer, input: OperationInput<'createTarget'>): Promise<TargetRecord> {
    const platform = givenPlatform(input);
    if (platform === null) {
      throw new HygieneError('TARGET_CONFIG_INVALID', `Give exactly one of ${PLATFORMS.join(', ')}.`);
    }
    const { descriptor, config, location } = await checkConfig(
      this.deps.connectors,
      platform,
      input[platform] ?? {},
    );
    return this.deps.database.transaction(async (stores) => {
      if (input.credentialId !== undefined) await checkCredential(stores, descriptor, input.credentialId);
      if (input.rulePacks !== undefined) await checkRulePacks(stores, input.rulePacks);
      const target = await stores.targets.insert({
        name: input.name,
        platform,
        location,
        config,
        credentialId: input.credentialId ?? null,
        rulePacks: input.rulePacks ?? null,
        mode: input.mode,
        labels: input.labels ?? [],
      });
      await stores.targets.setCapabilities(target.id, descriptor.capabilities);
      await recordAudit(stores, this.deps.clock, {
        operation: 'createTarget',
        viewer,
        subject: `target:${target.id}`,
        details: { name: target.name, platform, location, mode: target.mode, config },
      });
      return { ...target, capabilities: descriptor.capabilities };
    });
  }
}
