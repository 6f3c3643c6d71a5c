import { setImmediate as nextTurn } from 'node:timers/promises';
import { explainInSteps, notFound, type ExplanationContext, type TagExplanation } from '#core';
import { visibleTarget } from '../access/visible-target.js';
import type { OperationInput } from '../operations/catalog.js';
import type { ReadModels } from '../ports/read-models.js';
import type { Clock } from '../ports/services.js';
import type { TargetStore } from '../ports/stores.js';
import type { Viewer } from '../records/access.js';
import type { TargetRecord } from '../records/target.js';
import type { PolicyCache } from '../rule-packs/policy-cache.js';
import { addressOf, findReferred } from './find-referred.js';

/** Tags of one resource that are judged while somebody waits: what retention says of one hangs on all. */
const MOST_TAGS = 100_000;

export interface ExplainTagDependencies {
  readonly targets: Pick<TargetStore, 'find'>;
  readonly readModels: Pick<ReadModels, 'referred' | 'storedResource'>;
  readonly policies: PolicyCache;
  readonly clock: Clock;
}

/** Explains a tag, content or a resource from the inventory, by the packs of its target; the platform is not asked. */
export class ExplainTag {
  constructor(private readonly deps: ExplainTagDependencies) {}

  /**
   * @throws HygieneError NOT_FOUND for what was not seen or is not the viewer's to see, INPUT_INVALID with candidates for what may mean several
   * things, LIMIT_EXCEEDED for a resource of too many tags
   */
  async execute(viewer: Viewer, input: OperationInput<'explainTag'>): Promise<TagExplanation> {
    const { readModels, policies, clock } = this.deps;
    const target = await visibleTarget(this.deps.targets, viewer, input.targetId);
    const { place, name, digest } = await findReferred(readModels, target, input);
    const { policy } = await policies.compiled(target.rulePacks);
    const facts = policy.factsFor({ platform: target.platform, target: target.name });
    const at = { ...place, targetId: target.id };
    const resource = await readModels.storedResource(at, { facts, most: MOST_TAGS });
    // A scan may have taken it since it was found.
    if (resource === null) throw notFound('resource', place.resource);
    const steps = explainInSteps(policy, { resource, name, digest }, contextOf(target, clock.now()));
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      await nextTurn();
    }
  }
}

function contextOf(target: TargetRecord, now: Date): ExplanationContext {
  const { platform, capabilities, mode } = target;
  return {
    ...{ platform, target: target.name, now },
    address: addressOf(target),
    isWritable: mode === 'WRITE',
    can: (name) => capabilities.find((capability) => capability.name === name)?.supported ?? null,
  };
}
