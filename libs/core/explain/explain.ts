import type { DetectedFinding } from '../model/finding.js';
import type { ExplainablePolicy, Unjudged } from '../policy/policy.js';
import { PAUSE } from '../rules/judge.js';
import { atOnce, type Steps } from '../rules/steps.js';
import { blockersOf } from './blockers.js';
import type { Explained, ExplanationContext, Subjects, TagExplanation } from './explanation.js';
import { outcomeOf } from './outcome.js';
import { PLATFORM_WORDS } from './platforms/catalog.js';
import { stepsOf } from './unblock-steps.js';
import { isAboutAll, verdictsOf, type Heard } from './verdicts.js';

/** Names that one explanation speaks of; content with more says nothing of the rest. */
export const MOST_NAMES = 200;

/** As `explainInSteps`, all at once. */
export const explain = (
  policy: ExplainablePolicy,
  explained: Explained,
  context: ExplanationContext,
): TagExplanation => atOnce(explainInSteps(policy, explained, context));

/**
 * Why a tag, or some content, stays or goes: what every rule and every protector says of it, what stands in the way, and how to be rid
 * of it. What is not known is said to be unknown, and taken for a no. The verdicts FIX, UNTAG and PURGE on a tag are the findings that
 * `evaluate` has for it.
 */
export function* explainInSteps(
  policy: ExplainablePolicy,
  explained: Explained,
  context: ExplanationContext,
): Steps<TagExplanation> {
  const subjects = { ...explained, names: namesOf(explained) };
  const heard = yield* hear(policy, subjects, context);
  const words = PLATFORM_WORDS[context.platform];
  const standing = words.standing(subjects, context);
  const blockers = blockersOf({ policy, subjects, heard, standing, context });
  const isReserved = blockers.some(({ code, hard }) => code === 'RESERVED' && hard);
  return {
    resource: explained.resource.resource,
    name: explained.name,
    ...outcomeOf(heard, blockers),
    removable: standing.removable && !isReserved,
    freesContent: standing.freesContent && !isReserved,
    verdicts: verdictsOf(policy, subjects, heard, context),
    blockers,
    steps: stepsOf({ policy, subjects, blockers, context }),
  };
}

function namesOf({ resource, name, digest }: Explained): readonly string[] {
  if (name !== null) return [name];
  const names: string[] = [];
  for (const tag of resource.tags) {
    if (digest !== null && tag.digest !== digest) continue;
    if (names.push(tag.name) === MOST_NAMES) break;
  }
  return names;
}

/** Judges the resource whole, and keeps what is about the subjects. */
function* hear(policy: ExplainablePolicy, subjects: Subjects, context: ExplanationContext): Steps<Heard> {
  const findings: DetectedFinding[] = [];
  const unjudged: Unjudged[] = [];
  const names = new Set(subjects.names);
  for (const part of policy.evaluateInParts([subjects.resource], context)) {
    for (const finding of part.findings)
      if (isAbout(policy, finding, subjects, names)) findings.push(finding);
    for (const one of part.unjudged) if (isUnjudged(policy, one, subjects, names)) unjudged.push(one);
    yield PAUSE;
  }
  return { findings, unjudged };
}

function isAbout(
  policy: ExplainablePolicy,
  finding: DetectedFinding,
  { name, digest }: Subjects,
  names: ReadonlySet<string>,
): boolean {
  if (isAboutAll(finding)) return selectsAny(policy, finding, names);
  if (finding.tag !== null && names.has(finding.tag)) return true;
  if (name !== null) return false;
  if (digest === null) return true;
  return finding.tag === null && (finding.discriminator === digest || finding.evidence['digest'] === digest);
}

function isUnjudged(
  policy: ExplainablePolicy,
  one: Unjudged,
  { name, digest }: Subjects,
  names: ReadonlySet<string>,
): boolean {
  if (one.tag === undefined) return names.size === 0 || selectsAny(policy, one, names);
  if (one.tag !== null) return names.has(one.tag);
  return name === null && (digest === null || names.size === 0);
}

function selectsAny(
  policy: ExplainablePolicy,
  rule: { readonly rulePack: string; readonly ruleId: string },
  names: ReadonlySet<string>,
): boolean {
  for (const name of names) if (policy.selects(rule, name)) return true;
  return false;
}
