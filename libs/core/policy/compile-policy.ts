import { HygieneError } from '../errors/hygiene-error.js';
import { BoundedMemo } from '../matchers/bounded-memo.js';
import { byCodeUnit } from '../matchers/ascii-case.js';
import { MatcherSet } from '../matchers/matcher-set.js';
import type { DetectedFinding, NotEvaluated } from '../model/finding.js';
import type { Resource } from '../model/resource.js';
import type { Verdict } from '../rules/judge.js';
import { CompiledRule } from './compiled-rule.js';
import type { Evaluation, EvaluationContext, Policy } from './policy.js';
import { Protection } from './protection.js';
import { ResourceSubject } from './resource-subject.js';
import type { RulePack } from './rule-pack.js';
import { RuleScopes, type RuleScope } from './rule-scopes.js';
import { CONFLICT_RULE, settleFindings, type Draft } from './settle-findings.js';

export interface PackToRun {
  readonly name: string;
  readonly version: number;
  readonly pack: RulePack;
  /** Judge these rules alone; the whole pack's words still count. */
  readonly only?: readonly string[];
}

/**
 * Makes packs ready to judge.
 * @param packs whose rules run; the order does not matter
 * @param allPacks the latest version of every stored pack: their `protect` and `unprotect` hold whatever runs
 * @throws HygieneError RULE_PACK_INVALID when one pack is to run in two versions
 */
export function compilePolicy(packs: readonly PackToRun[], allPacks: readonly RulePack[]): Policy {
  const ordered = [...packs].sort((a, b) => byCodeUnit(a.name, b.name));
  const twice = ordered.find(({ name }, index) => ordered[index - 1]?.name === name);
  if (twice !== undefined) {
    throw new HygieneError(
      'RULE_PACK_INVALID',
      `The rule pack "${twice.name}" is named twice; run it in one version.`,
    );
  }
  const rules = ordered.flatMap(({ name, pack, only }) =>
    pack.rules
      .filter(({ id }) => only?.includes(id) ?? true)
      .map((rule) => new CompiledRule(name, pack, rule)),
  );
  const guards = [...allPacks].sort((a, b) => byCodeUnit(a.name, b.name));
  return new CompiledPolicy(rules, new Protection(guards));
}

/** A rule that a name concerns, and what the name says to it. */
interface NameHit {
  readonly rule: number;
  readonly seen: unknown;
}

const NO_HITS: readonly NameHit[] = [];

class CompiledPolicy implements Policy {
  readonly rules: Policy['rules'];
  private readonly names: MatcherSet;
  /** Rule of each group of `names`. */
  private readonly groupRules: readonly number[];
  private readonly allNames: readonly number[];
  private readonly hits = new BoundedMemo((name: string) => this.hitsOf(name));
  private readonly scopes: RuleScopes;

  constructor(
    private readonly compiled: readonly CompiledRule[],
    private readonly protection: Protection,
  ) {
    this.rules = [...compiled.map(({ pack, rule }) => ({ rulePack: pack, ruleId: rule.id })), CONFLICT_RULE];
    const matched = compiled.flatMap(({ judge }, index) =>
      judge.level === 'tag' && judge.names !== 'all' ? [{ index, names: judge.names }] : [],
    );
    this.names = new MatcherSet(matched.map(({ names }) => names));
    this.groupRules = matched.map(({ index }) => index);
    this.allNames = compiled.flatMap(({ judge }, index) =>
      judge.level === 'tag' && judge.names === 'all' ? [index] : [],
    );
    this.scopes = new RuleScopes(compiled);
  }

  evaluate(batch: readonly Resource[], context: EvaluationContext): Evaluation {
    const findings: DetectedFinding[] = [];
    const missing = new Map<string, NotEvaluated>();
    const scopeOf = this.scopes.forContext(context);
    for (const resource of batch) {
      const drafts = this.judge(resource, context, { scope: scopeOf(resource.resourceType), missing });
      if (drafts.length > 0) findings.push(...settleFindings(resource, drafts, context, this.protection));
    }
    return { findings, notEvaluated: [...missing.values()] };
  }

  private judge(
    resource: Resource,
    context: EvaluationContext,
    { scope, missing }: { scope: RuleScope; missing: Map<string, NotEvaluated> },
  ): Draft[] {
    const drafts: Draft[] = [];
    if (scope.judges === 0) return drafts;
    const subject = new ResourceSubject(resource, context, this.protection);
    const lacking = new Set<string>();
    const take = (rule: CompiledRule, verdict: Verdict): void => {
      if (!('needs' in verdict)) drafts.push({ pack: rule.pack, rule: rule.rule, fault: verdict });
      else lacking.add(noteMissing(missing, lacking, rule, verdict.needs));
    };
    for (const index of scope.resourceRules) {
      const rule = this.compiled[index];
      if (rule?.judge.level !== 'resource' || !rule.selector.onResource(resource)) continue;
      for (const verdict of rule.judge.judge(subject)) take(rule, verdict);
    }
    if (scope.tagRules === 0) return ordered(drafts);
    for (const tag of subject.tags) {
      for (const { rule: index, seen } of this.hits.get(tag.name)) {
        const rule = this.compiled[index];
        if (scope.states[index] !== 1 || rule?.judge.level !== 'tag') continue;
        if (rule.selector.asksResource && !rule.selector.onResource(resource)) continue;
        const verdict = rule.judge.judge(tag, seen, subject);
        if (verdict !== null) take(rule, verdict);
      }
    }
    return ordered(drafts);
  }

  /** The rules that a name concerns, whatever the resource. */
  private hitsOf(name: string): readonly NameHit[] {
    const hits: NameHit[] = [];
    const look = (index: number, matcher: number): void => {
      const rule = this.compiled[index];
      if (rule?.judge.level !== 'tag') return;
      const seen = rule.judge.look(name, matcher);
      if (seen !== null && rule.selector.onTag(name)) hits.push({ rule: index, seen });
    };
    for (const { group, matcher } of this.names.match(name)) look(this.groupRules[group] ?? -1, matcher);
    for (const index of this.allNames) look(index, -1);
    return hits.length === 0 ? NO_HITS : hits;
  }
}

/** Counts the resource once per rule; returns the key it is counted under. */
function noteMissing(
  missing: Map<string, NotEvaluated>,
  lacking: ReadonlySet<string>,
  { pack, rule }: CompiledRule,
  needs: string,
): string {
  const key = `${pack}/${rule.id}`;
  const known = missing.get(key);
  const resources = (known?.resources ?? 0) + (lacking.has(key) ? 0 : 1);
  missing.set(key, { rulePack: pack, ruleId: rule.id, needs: known?.needs ?? needs, resources });
  return key;
}

/** The same order whatever order the tags came in. */
function ordered(drafts: Draft[]): Draft[] {
  return drafts.sort(
    (a, b) =>
      byCodeUnit(a.pack, b.pack) ||
      byCodeUnit(a.rule.id, b.rule.id) ||
      byCodeUnit(a.fault.tag ?? '', b.fault.tag ?? ''),
  );
}
