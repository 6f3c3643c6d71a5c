import { byCodeUnit } from '../matchers/ascii-case.js';
import type { DetectedFinding } from '../model/finding.js';
import type { PointerFact, Resource } from '../model/resource.js';
import type { Verdict } from '../rules/judge.js';
import type { CompiledRule } from './compiled-rule.js';
import { MissingFacts } from './missing-facts.js';
import { NameHits, type NameHit } from './name-hits.js';
import type { Evaluation, EvaluationContext, Policy, Unjudged } from './policy.js';
import type { Protection } from './protection.js';
import { ResourceSubject } from './resource-subject.js';
import { RuleScopes, type RuleScope } from './rule-scopes.js';
import { CONFLICT_RULE, settleFindings, type Draft } from './settle-findings.js';

export class CompiledPolicy implements Policy {
  readonly rules: Policy['rules'];
  private readonly names: NameHits;
  private readonly scopes: RuleScopes;

  constructor(
    private readonly compiled: readonly CompiledRule[],
    private readonly protection: Protection,
  ) {
    this.rules = [...compiled.map(({ pack, rule }) => ({ rulePack: pack, ruleId: rule.id })), CONFLICT_RULE];
    this.names = new NameHits(compiled);
    this.scopes = new RuleScopes(compiled);
  }

  factsFor(context: Pick<EvaluationContext, 'platform' | 'target'>): ReadonlySet<PointerFact> {
    return new Set(this.compiled.flatMap((rule) => (rule.mayConcern(context) ? rule.needs : [])));
  }

  evaluate(batch: readonly Resource[], context: EvaluationContext): Evaluation {
    const parts = [...this.evaluateInParts(batch, context)];
    return {
      findings: parts.flatMap(({ findings }) => findings),
      notEvaluated: parts.flatMap(({ notEvaluated }) => notEvaluated),
      unjudged: parts.flatMap(({ unjudged }) => unjudged),
    };
  }

  *evaluateInParts(
    batch: readonly Resource[],
    context: EvaluationContext,
  ): Generator<Evaluation, void, undefined> {
    const { protection } = this;
    const round = new Round(this.compiled, this.names.on(context.platform));
    const scopeOf = this.scopes.forContext(context);
    let findings: DetectedFinding[] = [];
    for (const [index, resource] of batch.entries()) {
      const scope = scopeOf(resource.resourceType);
      if (scope.resourceRules.length + scope.tagRules === 0) continue;
      const drafts = yield* round.judge(new ResourceSubject(resource, context, protection), scope, index);
      if (drafts.length === 0) continue;
      for (const finding of settleFindings(resource, drafts, context, protection)) {
        if (findings.push(finding) < PART) continue;
        yield { findings, notEvaluated: [], unjudged: [] };
        findings = [];
      }
    }
    yield { findings, notEvaluated: round.missing.list(), unjudged: round.unjudged };
  }
}

/** Findings of one part, and tags judged between two: some ten milliseconds of work. */
const PART = 2_000;
/** Nothing yet: whoever evaluates may do something else meanwhile. */
const PAUSE: Evaluation = { findings: [], notEvaluated: [], unjudged: [] };

/** Where a verdict was given. */
interface Place {
  readonly subject: ResourceSubject;
  /** Of the resource within the batch. */
  readonly number: number;
  /** Absent: the rule looks at resources as a whole. */
  readonly tag?: string;
}

/** One pass over one batch. */
class Round {
  readonly missing = new MissingFacts();
  readonly unjudged: Unjudged[] = [];
  private drafts: Draft[] = [];

  constructor(
    private readonly rules: readonly CompiledRule[],
    private readonly hitsOf: (name: string) => readonly NameHit[],
  ) {}

  /** What every rule of the scope says of the resource; the same order whatever order its tags come in. */
  *judge(
    subject: ResourceSubject,
    scope: RuleScope,
    number: number,
  ): Generator<Evaluation, readonly Draft[], undefined> {
    const isLarge = subject.resource.tags.length > PART;
    this.drafts = [];
    for (const index of scope.resourceRules) {
      const rule = this.rules[index];
      if (rule?.judge.level !== 'resource' || !rule.selector.onResource(subject.resource)) continue;
      let taken = 0;
      for (const verdict of rule.judge.judge(subject)) {
        this.take(rule, verdict, { subject, number });
        taken += 1;
        if (taken % PART === 0) yield PAUSE;
      }
      if (isLarge) yield PAUSE;
    }
    if (scope.tagRules > 0) yield* this.judgeTags(subject, scope, number);
    return this.drafts.length > 1 ? this.drafts.sort(byRuleAndTag) : this.drafts;
  }

  private *judgeTags(
    subject: ResourceSubject,
    scope: RuleScope,
    number: number,
  ): Generator<Evaluation, void, undefined> {
    for (const [at, tag] of subject.resource.tags.entries()) {
      if (at > 0 && at % PART === 0) yield PAUSE;
      for (const { rule: index, seen } of this.hitsOf(tag.name)) {
        const rule = this.rules[index];
        if (scope.states[index] !== 1 || rule?.judge.level !== 'tag') continue;
        if (rule.selector.asksResource && !rule.selector.onResource(subject.resource)) continue;
        const verdict = rule.judge.judge(tag, seen, subject);
        if (verdict !== null) this.take(rule, verdict, { subject, number, tag: tag.name });
      }
    }
  }

  private take(rule: CompiledRule, verdict: Verdict, { subject, number, tag }: Place): void {
    const { pack } = rule;
    if (!('needs' in verdict)) {
      this.drafts.push({ pack, rule: rule.rule, fault: verdict });
      return;
    }
    this.missing.note(rule, verdict.needs, number);
    const { resource } = subject.resource;
    const about = verdict.tag === undefined ? tag : verdict.tag;
    this.unjudged.push({ rulePack: pack, ruleId: rule.rule.id, resource, tag: about });
  }
}

function byRuleAndTag(a: Draft, b: Draft): number {
  return (
    byCodeUnit(a.pack, b.pack) ||
    byCodeUnit(a.rule.id, b.rule.id) ||
    byCodeUnit(a.fault.tag ?? '', b.fault.tag ?? '')
  );
}
