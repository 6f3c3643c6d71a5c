import type {
  DetectedFinding,
  EvaluationContext,
  Platform,
  PointerFacts,
  Resource,
  RulePack,
  Tag,
} from '#core';
import { CONTEXT, policyOf } from './policy-builders.js';

/** A pointer as tests write it: a name alone, or a name with what is known of it. */
export type GivenPointer =
  | string
  | (PointerFacts & { readonly name: string; readonly digest?: string; readonly created?: Date | string });

export const pointerContext = (platform: Platform = 'git', now: Date = CONTEXT.now): EvaluationContext => ({
  ...CONTEXT,
  platform,
  now,
});

export function pointer(given: GivenPointer): Tag {
  const { name, digest, created, ...facts } = typeof given === 'string' ? { name: given } : given;
  const createdAt = created === undefined ? null : new Date(created);
  return { name, value: null, digest: digest ?? null, createdAt, pointer: facts };
}

/** A repository with these tags. */
export function pointed(
  resource: string,
  tags: readonly GivenPointer[],
  more: Partial<Resource> = {},
): Resource {
  return {
    scope: resource,
    resource,
    resourceType: 'repository',
    createdAt: null,
    tags: tags.map(pointer),
    managedBy: null,
    facts: {},
    ...more,
  };
}

/** What one pack finds in one repository. */
export const judgePointers = (
  pack: RulePack,
  tags: readonly GivenPointer[],
  { platform, now, ...more }: Partial<Resource> & { platform?: Platform; now?: Date } = {},
): readonly DetectedFinding[] =>
  policyOf(pack).evaluate([pointed('acme/app', tags, more)], pointerContext(platform, now)).findings;
