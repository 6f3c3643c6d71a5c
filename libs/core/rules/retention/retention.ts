import { POINTER_FACTS, type PointerFact } from '../../model/resource.js';
import { decideInSteps } from '../../retention/decide-retention.js';
import { leavesOf } from '../../retention/floor.js';
import type { Retention, RetentionOutcome } from '../../retention/retention.js';
import { AGE_OF, factsOfAge, type AgeOf } from '../age.js';
import { PAUSE, type Pause, type ResourceJudge, type Subject, type Verdict } from '../judge.js';
import { defineKind } from '../rule-kind.js';
import { atOnce, type Steps } from '../steps.js';
import { floorAsksCreated, retentionFaults } from './check.js';
import { claimsBefore, tagsTest } from './claims.js';
import { faultsOf, matchesNothingFault } from './faults.js';
import { grouping } from './grouping.js';
import { SubjectCandidates, type Selection } from './inventory.js';
import { retentionFixes, retentionParams, type RetentionParams } from './params.js';
import { describeSparing } from './sparing.js';
import { describeRetention } from './words.js';

/** Said where the rule decides over manifests without a tag and nobody has looked for them. */
const UNTAGGED = 'which manifests have no tag';

export const retention = defineKind({
  name: 'retention',
  judges: 'pointer',
  finds: 'what a lifecycle policy lets go: what has expired, and what is not among what is to be kept',
  params: retentionParams,
  fixes: retentionFixes,
  title: ({ params }) => describeRetention(params),
  check: (rule) => retentionFaults(rule),
  needs: ({ params }) => factsOf(params),
  compile(rule, { judges, rules }): ResourceJudge {
    const { params, fix } = rule;
    const byTags = tagsTest(params);
    const selection: Selection = {
      selects: (name) => judges(name) && byTags(name),
      untagged: params.untagged ?? 'exclude',
      grouping: grouping(params.groupBy),
    };
    const claims = claimsBefore(rule, rules);
    const policy = policyOf(params);
    // Whoever settles fixes asks twice about one subject.
    const decided = new WeakMap<Subject, RetentionOutcome>();
    const decide = (subject: Subject): Steps<RetentionOutcome> => {
      const candidates = new SubjectCandidates(subject, selection, claims(subject));
      return decideInSteps(policy, { candidates, names: namesOf(subject) }, subject.now);
    };
    return {
      level: 'resource',
      *judge(subject): Generator<Verdict | Pause, void, undefined> {
        const outcome = decided.get(subject) ?? (yield* decide(subject));
        if (fix !== null) decided.set(subject, outcome);
        yield* faultsOf(outcome, subject, { params, fix });
        yield* idle(outcome.matchesNothing);
        yield* missing(outcome);
        yield* unseen(selection, subject);
      },
      sparing(subject, name) {
        const isChosen = selection.untagged !== 'only' && selection.selects(name);
        if (!isChosen || subject.isReserved(name)) return null;
        if (claims(subject).hasTag(name)) return 'Kept: a rule with a better priority owns it.';
        const place = placeOf(subject, name);
        const kept = place === null ? null : atOnce(decide(subject)).keptBy(place);
        return kept === null ? null : describeSparing(kept, params.groupBy !== undefined);
      },
    };
  },
});

/** One finding, however many clauses match nothing: the fault is the rule's as a whole. */
const idle = (matchesNothing: readonly Parameters<typeof matchesNothingFault>[0][]): Verdict[] =>
  matchesNothing.length === 0 ? [] : [matchesNothingFault(matchesNothing.flat())];

function placeOf({ resource: { tags } }: Subject, name: string): number | null {
  for (const [index, tag] of tags.entries()) if (tag.name === name) return index;
  return null;
}

function* namesOf({ tags }: Subject): Generator<string, void, undefined> {
  for (const { name } of tags) yield name;
}

/** What is not known of single names, and what is said of the resource as a whole. */
function* missing({ unknown, undecided }: RetentionOutcome): Generator<Verdict | Pause, void, undefined> {
  const single = new Set<string>();
  for (const one of undecided()) {
    if (one !== PAUSE) single.add(one.needs);
    yield one === PAUSE ? PAUSE : { needs: one.needs, tag: one.name };
  }
  for (const needs of unknown) if (!single.has(needs)) yield { needs };
}

const unseen = ({ untagged }: Selection, { resource }: Subject): Verdict[] =>
  untagged === 'exclude' || resource.untagged !== undefined ? [] : [{ needs: UNTAGGED, tag: null }];

const policyOf = ({ unit, keep, expire, floor }: RetentionParams): Retention => ({
  unit: unit ?? 'tag',
  keep: keep ?? null,
  expire: expire ?? null,
  floor: floor ?? 0,
});

/** The dates that its clauses go by; versions and names need none. */
function factsOf(params: RetentionParams): PointerFact[] {
  const { keep, expire, untagged } = params;
  const orders = (keep === undefined ? [] : leavesOf(keep)).flatMap((leaf) =>
    'newest' in leaf ? leaf.orderBy : 'newerThan' in leaf ? leaf.ageOf : [],
  );
  const ages = [...orders, ...(expire === undefined ? [] : [expire.ageOf])].filter(isAge);
  const facts = new Set<PointerFact>([
    ...ages.flatMap(factsOfAge),
    ...(floorAsksCreated(params) ? (['created'] as const) : []),
    ...(untagged === undefined || untagged === 'exclude' ? [] : (['untagged'] as const)),
  ]);
  return POINTER_FACTS.filter((fact) => facts.has(fact));
}

const isAge = (order: string): order is AgeOf => (AGE_OF as readonly string[]).includes(order);
