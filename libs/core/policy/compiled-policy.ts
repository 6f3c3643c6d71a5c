import type { DetectedFinding } from '../model/finding.js';
import type { PointerFact, Resource } from '../model/resource.js';
import type { Verdict } from '../rules/judge.js';
import type { CompiledRule } from './compiled-rule.js';
import { byRuleAndTag, judgeLarge, PART, PAUSE, TURN } from './judge-large.js';
import { MissingFacts } from './missing-facts.js';
import { NameHits, type NameHit } from './name-hits.js';
import type {
  Evaluation,
  EvaluationContext,
  ExplainablePolicy,
  Policy,
  Protector,
  Spared,
  Unjudged,
} from './policy.js';
import type { Protection } from './protection.js';
import { ResourceSubject } from './resource-subject.js';
import { RuleScopes, type RuleScope } from './rule-scopes.js';
import { CONFLICT_RULE, settleFindings, type Draft } from './settle-findings.js';

export class CompiledPolicy implements ExplainablePolicy {
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
    const parts = [...this.parts(batch, context, Infinity)];
    return {
      findings: parts.flatMap(({ findings }) => findings),
      notEvaluated: parts.flatMap(({ notEvaluated }) => notEvaluated),
      unjudged: parts.flatMap(({ unjudged }) => unjudged),
    };
  }

  evaluateInParts(batch: readonly Resource[], context: EvaluationContext): Iterable<Evaluation> {
    return this.parts(batch, context, LARGE);
  }

  protectors(resource: Resource, name: string, context: EvaluationContext): readonly Protector[] {
    return this.protection.protectorsOf(context, resource, name);
  }

  spared(resource: Resource, name: string, context: EvaluationContext): readonly Spared[] {
    const subject = new ResourceSubject(resource, context, this.protection);
    const scope = this.scopes.forContext(context)(resource.resourceType);
    return scope.resourceRules.flatMap((index): Spared[] => {
      const rule = this.compiled[index];
      if (rule?.judge.level !== 'resource' || !rule.selector.onResource(resource)) return [];
      const reason = rule.judge.sparing?.(subject, name) ?? null;
      return reason === null ? [] : [{ rulePack: rule.pack, ruleId: rule.rule.id, reason }];
    });
  }

  selects({ rulePack, ruleId }: Policy['rules'][number], name: string): boolean {
    const rule = this.compiled.find(({ pack, rule: { id } }) => pack === rulePack && id === ruleId);
    return rule?.selector.onTag(name) ?? false;
  }

  /** @param large a resource of more tags than that is judged without holding what is found, in an order that says nothing */
  private *parts(
    batch: readonly Resource[],
    context: EvaluationContext,
    large: number,
  ): Generator<Evaluation, void, undefined> {
    const { protection } = this;
    const hitsOf = this.names.on(context.platform);
    const round = new Round(this.compiled, hitsOf);
    const means = { rules: this.compiled, hitsOf, missing: round.missing, context, protection };
    const scopeOf = this.scopes.forContext(context);
    let findings: DetectedFinding[] = [];
    let looked = 0;
    for (const [number, resource] of batch.entries()) {
      const scope = scopeOf(resource.resourceType);
      if (scope.resourceRules.length + scope.tagRules === 0) continue;
      const subject = new ResourceSubject(resource, context, protection);
      if (resource.tags.length > large) {
        yield* judgeLarge(means, { subject, scope, number });
        continue;
      }
      looked += resource.tags.length;
      if (looked > TURN) {
        yield PAUSE;
        looked = resource.tags.length;
      }
      const drafts = round.judge(subject, scope, number);
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

const LARGE = 2_000;

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
  judge(subject: ResourceSubject, scope: RuleScope, number: number): readonly Draft[] {
    this.drafts = [];
    for (const index of scope.resourceRules) {
      const rule = this.rules[index];
      if (rule?.judge.level !== 'resource' || !rule.selector.onResource(subject.resource)) continue;
      for (const verdict of rule.judge.judge(subject))
        if (verdict !== null) this.take(rule, verdict, { subject, number });
    }
    if (scope.tagRules > 0) this.judgeTags(subject, scope, number);
    return this.drafts.length > 1 ? this.drafts.sort(byRuleAndTag) : this.drafts;
  }

  private judgeTags(subject: ResourceSubject, scope: RuleScope, number: number): void {
    for (const tag of subject.resource.tags) {
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
    this.unjudged.push({
      rulePack: pack,
      ruleId: rule.rule.id,
      resource,
      tag: about,
      needs: verdict.needs,
    });
  }
}
