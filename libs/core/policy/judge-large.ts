import { byCodeUnit } from '../matchers/ascii-case.js';
import { hashText } from '../matchers/hash-text.js';
import { Repeats } from '../matchers/repeats.js';
import { isLabelChange, type DetectedFinding, type TagChange } from '../model/finding.js';
import type { Verdict } from '../rules/judge.js';
import type { CompiledRule } from './compiled-rule.js';
import { pointerWritten } from './compose-pointer-changes.js';
import type { MissingFacts } from './missing-facts.js';
import type { NameHit } from './name-hits.js';
import type { Evaluation, EvaluationContext, Unjudged } from './policy.js';
import type { Protection } from './protection.js';
import type { ResourceSubject } from './resource-subject.js';
import type { RuleScope } from './rule-scopes.js';
import { settleFindings, type Draft } from './settle-findings.js';

/** Things said in one part: some ten milliseconds of work. */
export const PART = 1_000;
/** Tags looked at between two pauses: patterns at their worst take some fifty microseconds for a name that nobody remembers. */
export const TURN = 500;
/** Nothing yet: whoever evaluates may do something else meanwhile. */
export const PAUSE: Evaluation = { findings: [], notEvaluated: [], unjudged: [] };

/** What the judging of one batch shares. */
export interface Means {
  readonly rules: readonly CompiledRule[];
  readonly hitsOf: (name: string) => readonly NameHit[];
  readonly missing: MissingFacts;
  readonly context: EvaluationContext;
  readonly protection: Protection;
}

/** The resource to judge, and its number within the batch. */
export interface LargeResource {
  readonly subject: ResourceSubject;
  readonly scope: RuleScope;
  readonly number: number;
}

/** What one rule says. */
interface Said {
  readonly rule: CompiledRule;
  readonly verdict: Verdict;
  /** Absent: the rule looks at resources as a whole. */
  readonly tag?: string;
}

/**
 * Judges a resource of very many tags without holding what is found. A fix that writes what no other fix writes has nothing to settle with
 * others, so that its finding is told at once; only those that share a name are held, and settled together at the end. Which names
 * are shared is found by judging once before, by the rules alone that have a fix.
 */
export function* judgeLarge(means: Means, large: LargeResource): Generator<Evaluation, void, undefined> {
  const isShared = yield* sharedNames(means, large);
  const held: Draft[] = [];
  const { resource } = large.subject;
  let part = new Part();
  for (const said of saidOf(means, large, () => true)) {
    if (said === null) yield PAUSE;
    else if ('needs' in said.verdict) part.unjudged.push(unjudgedOf(means, large, said, said.verdict));
    else {
      const draft = { pack: said.rule.pack, rule: said.rule.rule, fault: said.verdict };
      (changesOf(said.verdict).flatMap(namesOf).some(isShared) ? held : part.drafts).push(draft);
    }
    if (part.size < PART) continue;
    yield part.settle(resource, means);
    part = new Part();
  }
  yield part.settle(resource, means);
  part = new Part();
  held.sort(byRuleAndTag);
  for (const finding of settleFindings(resource, held, means.context, means.protection)) {
    if (part.findings.push(finding) < PART) continue;
    yield part.settle(resource, means);
    part = new Part();
  }
  yield part.settle(resource, means);
}

class Part {
  readonly drafts: Draft[] = [];
  readonly findings: DetectedFinding[] = [];
  readonly unjudged: Unjudged[] = [];

  get size(): number {
    return this.drafts.length + this.unjudged.length;
  }

  settle(resource: ResourceSubject['resource'], { context, protection }: Means): Evaluation {
    const settled = settleFindings(resource, this.drafts.sort(byRuleAndTag), context, protection);
    return { findings: [...this.findings, ...settled], notEvaluated: [], unjudged: this.unjudged };
  }
}

/** Is a name written by more than one fix? It may say so of one that is not. */
function* sharedNames(
  means: Means,
  large: LargeResource,
): Generator<Evaluation, (name: string) => boolean, undefined> {
  const { states } = large.scope;
  const fixing = means.rules.filter(({ rule }, index) => states[index] === 1 && rule.fix !== null).length;
  if (fixing === 0) return () => false;
  const repeats = new Repeats(fixing * large.subject.resource.tags.length);
  let seen = 0;
  for (const said of saidOf(means, large, ({ rule }) => rule.fix !== null)) {
    if (said === null || (seen += 1) % PART === 0) yield PAUSE;
    if (said === null) continue;
    for (const name of changesOf(said.verdict).flatMap(namesOf)) repeats.add(hashText(name));
  }
  return (name) => repeats.has(hashText(name));
}

/** What the rules say of the resource as a whole, and then of tag after tag; null: nothing yet. */
function* saidOf(
  means: Means,
  { subject, scope }: LargeResource,
  asks: (rule: CompiledRule) => boolean,
): Generator<Said | null, void, undefined> {
  for (const index of scope.resourceRules) {
    const rule = means.rules[index];
    if (rule?.judge.level !== 'resource' || !asks(rule)) continue;
    if (!rule.selector.onResource(subject.resource)) continue;
    for (const verdict of rule.judge.judge(subject)) yield verdict === null ? null : { rule, verdict };
    yield null;
  }
  if (scope.tagRules === 0) return;
  for (const [at, tag] of subject.resource.tags.entries()) {
    if (at % TURN === TURN - 1) yield null;
    for (const { rule: index, seen } of means.hitsOf(tag.name)) {
      const rule = means.rules[index];
      if (scope.states[index] !== 1 || rule?.judge.level !== 'tag' || !asks(rule)) continue;
      if (rule.selector.asksResource && !rule.selector.onResource(subject.resource)) continue;
      const verdict = rule.judge.judge(tag, seen, subject);
      if (verdict !== null) yield { rule, verdict, tag: tag.name };
    }
  }
}

function unjudgedOf(
  { missing }: Means,
  { subject, number }: LargeResource,
  { rule, tag }: Said,
  verdict: Extract<Verdict, { readonly needs: string }>,
): Unjudged {
  missing.note(rule, verdict.needs, number);
  const { resource } = subject.resource;
  const about = verdict.tag === undefined ? tag : verdict.tag;
  return { rulePack: rule.pack, ruleId: rule.rule.id, resource, tag: about, needs: verdict.needs };
}

function changesOf(verdict: Verdict): readonly TagChange[] {
  if ('needs' in verdict || verdict.repair === null) return [];
  return 'changes' in verdict.repair ? verdict.repair.changes : [];
}

/** Names that a change writes, or relies on. */
function namesOf(change: TagChange): readonly string[] {
  if (change.change === 'rename' || change.change === 'alias') return [change.from, change.to];
  return [isLabelChange(change) ? change.key : pointerWritten(change)];
}

export function byRuleAndTag(a: Draft, b: Draft): number {
  return (
    byCodeUnit(a.pack, b.pack) ||
    byCodeUnit(a.rule.id, b.rule.id) ||
    byCodeUnit(a.fault.tag ?? '', b.fault.tag ?? '')
  );
}
