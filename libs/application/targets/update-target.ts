import { HygieneError, notFound, type JsonObject } from '#core';
import { visibleTarget } from '../access/visible-target.js';
import type { OperationInput } from '../operations/catalog.js';
import type { TargetChange } from '../ports/stores.js';
import type { Viewer } from '../records/access.js';
import type { TargetRecord } from '../records/target.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import { checkConfig, checkCredential, checkRulePacks, givenPlatform } from './target-config.js';

/**
 * Changes what is given and leaves the rest. The platform of a target never changes. A narrowed viewer changes neither the address nor the
 * credential: it could have a secret sent to itself that it may not read.
 */
export class UpdateTarget {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'connectors' | 'clock'>) {}

  async execute(viewer: Viewer, input: OperationInput<'updateTarget'>): Promise<TargetRecord> {
    const { database, connectors, clock } = this.deps;
    const before = await visibleTarget(database.stores.targets, viewer, input.id);
    const platform = givenPlatform(input);
    if (platform !== null && platform !== before.platform) {
      throw new HygieneError(
        'TARGET_CONFIG_INVALID',
        `${JSON.stringify(before.name)} is on ${before.platform}; a target does not change its platform. Create another.`,
      );
    }
    if (viewer.targetIds !== null && (platform !== null || input.credentialId !== undefined)) {
      throw new HygieneError(
        'SCOPE_MISSING',
        'Where a target leads and which credential is sent there takes a token for all targets; this one is narrowed to some.',
      );
    }
    const checked = await checkConfig(connectors, before.platform, input[before.platform] ?? before.config);
    const change: TargetChange = {
      ...(platform === null ? {} : { config: checked.config, location: checked.location }),
      ...(input.name === undefined ? {} : { name: input.name }),
      ...(input.credentialId === undefined ? {} : { credentialId: input.credentialId }),
      ...(input.rulePacks === undefined ? {} : { rulePacks: input.rulePacks }),
      ...(input.mode === undefined ? {} : { mode: input.mode }),
      ...(input.labels === undefined ? {} : { labels: input.labels }),
    };
    return database.transaction(async (stores) => {
      if (input.credentialId !== undefined)
        await checkCredential(stores, checked.descriptor, input.credentialId);
      if (input.rulePacks !== undefined) await checkRulePacks(stores, input.rulePacks);
      const after = await stores.targets.update(input.id, change);
      if (after === null) throw notFound('target', input.id);
      await recordAudit(stores, clock, {
        operation: 'updateTarget',
        viewer,
        subject: `target:${input.id}`,
        details: { before: fieldsOf(before, change), after: fieldsOf(after, change) },
      });
      return after;
    });
  }
}

function fieldsOf(target: TargetRecord, change: TargetChange): JsonObject {
  const names = Object.keys(change) as (keyof TargetChange)[];
  return JSON.parse(
    JSON.stringify(Object.fromEntries(names.map((name) => [name, target[name]]))),
  ) as JsonObject;
}
