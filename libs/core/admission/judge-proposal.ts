import { byCodeUnit } from '../matchers/ascii-case.js';
import type { DetectedFinding, NotEvaluated } from '../model/finding.js';
import type { Platform } from '../model/platform.js';
import type { Resource, Tag } from '../model/resource.js';
import { SEVERITIES } from '../model/severity.js';
import type { PackToRun } from '../policy/compile-policy.js';
import { PLATFORM_TAG_KIND } from '../policy/platform-tag-kind.js';
import type { Evaluation, Policy } from '../policy/policy.js';
import { findRuleKind } from '../rules/find-rule-kind.js';
import type { Rule } from '../rules/rule.js';

/** Tags that somebody wants a resource to have. What is null is not known, and nobody guesses it. */
export interface Proposal {
  readonly platform: Platform;
  /** The target's name. */
  readonly target: string | null;
  readonly resource: string;
  readonly resourceType: string | null;
  readonly tags: readonly Tag[];
}

/** What stands between the tags and their being allowed. */
export type Admission = Pick<Evaluation, 'findings' | 'notEvaluated'>;

/** Repositories hold the tags of git and of registries; what a label hangs on has many types. */
const USUAL_TYPE: Readonly<Record<Platform, string | null>> = {
  ec2: null,
  git: 'repository',
  registry: 'repository',
  docker: 'image',
};

/**
 * Judges a proposal by the engine that judges scans, as if it were all that the resource has. Worst first.
 * @param packs what `policy` was made of
 */
export function judgeProposal(
  policy: Policy,
  packs: readonly PackToRun[],
  proposal: Proposal,
  now: Date,
): Admission {
  const { platform, target } = proposal;
  const resource = proposedResource(proposal);
  const { findings, notEvaluated } = policy.evaluate([resource], { platform, target: target ?? '', now });
  return {
    findings: [...findings].sort(byUrgency),
    notEvaluated: [...notEvaluated, ...unplaced(packs, proposal)],
  };
}

function proposedResource({ platform, resource, resourceType, tags }: Proposal): Resource {
  return {
    scope: platform === 'git' || platform === 'registry' ? resource : '',
    resource,
    resourceType: resourceType ?? USUAL_TYPE[platform] ?? '',
    createdAt: null,
    tags,
    managedBy: null,
    facts: {},
  };
}

/** Rules that ask where the tags are to be, and nobody has said that. */
function unplaced(packs: readonly PackToRun[], proposal: Proposal): NotEvaluated[] {
  const kind = PLATFORM_TAG_KIND[proposal.platform];
  return packs.flatMap(({ name, pack }) =>
    pack.rules.flatMap((rule): NotEvaluated[] => {
      const needs = findRuleKind(rule.kind)?.judges === kind ? placeNeeded(rule, proposal) : null;
      return needs === null ? [] : [{ rulePack: name, ruleId: rule.id, needs, resources: 1 }];
    }),
  );
}

function placeNeeded({ on }: Rule, { platform, target, resourceType }: Proposal): string | null {
  if (on.platforms !== null && !on.platforms.includes(platform)) return null;
  if (on.targets !== null && target === null) return 'the name of the target';
  const isTyped = on.resourceTypes !== null && resourceType === null && USUAL_TYPE[platform] === null;
  return isTyped ? 'the type of the resource' : null;
}

const byUrgency = (a: DetectedFinding, b: DetectedFinding): number =>
  SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
  byCodeUnit(a.rulePack, b.rulePack) ||
  byCodeUnit(a.ruleId, b.ruleId) ||
  byCodeUnit(a.tag ?? '', b.tag ?? '');
