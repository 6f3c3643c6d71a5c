import { byCodeUnit } from '../matchers/ascii-case.js';
import type { DetectedFinding, TagChange } from '../model/finding.js';
import type { Platform } from '../model/platform.js';
import { RESERVED_NAMES } from '../policy/built-in-protections.js';
import type { ExplainablePolicy, Unjudged } from '../policy/policy.js';
import { listWords, quote } from '../rules/quote.js';
import type {
  Decision,
  ExplainedBlocker,
  ExplainedVerdict,
  ExplanationContext,
  Subjects,
} from './explanation.js';
import { PLATFORM_WORDS } from './platforms/catalog.js';

/** What the rules said of the tags in question. */
export interface Heard {
  readonly findings: readonly DetectedFinding[];
  readonly unjudged: readonly Unjudged[];
}

/** Protectors first; then rules by name. */
export function verdictsOf(
  policy: ExplainablePolicy,
  subjects: Subjects,
  heard: Heard,
  context: ExplanationContext,
): readonly ExplainedVerdict[] {
  const { resource, names } = subjects;
  const kept = names.flatMap((name) =>
    policy.spared(resource, name, context).map(({ rulePack, ruleId, reason }): ExplainedVerdict => ({
      ruleId,
      rulePack,
      decision: 'KEEP',
      // Nobody asked for this name alone: then the reason has to say whose it is.
      reason: names.length === 1 ? reason : `${quote(name)}: ${reason}`,
    })),
  );
  const rules = [...heard.findings.map(verdictOn), ...kept, ...unknowns(heard.unjudged)];
  return [...guards(policy, subjects, context), ...rules.sort(byRule)];
}

/** What a finding asks for, whether or not it may be done as things stand. */
export function wishOf({ changes, evidence }: DetectedFinding): Decision {
  const held = evidence['proposed'];
  const wanted = changes.length > 0 ? changes : ((held ?? []) as unknown as readonly TagChange[]);
  if (wanted.some(({ change }) => change === 'purge')) return 'PURGE';
  return wanted.some(({ change }) => change === 'untag') ? 'UNTAG' : 'FIX';
}

/** Why a finding's fix is not made. */
export function heldBy({ evidence, blocked }: DetectedFinding): readonly ExplainedBlocker[] {
  if (!blocked || !Array.isArray(evidence['blockedBy'])) return [];
  const list = evidence['blockedBy'] as unknown as readonly Omit<ExplainedBlocker, 'hard'>[];
  return list.map(({ code, message, references }) => ({
    code,
    message,
    references,
    hard: code === 'PROTECTED',
  }));
}

/** Said of the resource, and of each of its tags for that reason. */
export const isAboutAll = ({ tag, evidence }: DetectedFinding): boolean =>
  tag === null && evidence['reason'] === 'KEEP_MATCHES_NOTHING';

function verdictOn(finding: DetectedFinding): ExplainedVerdict {
  const { ruleId, rulePack, message } = finding;
  if (isAboutAll(finding)) return { ruleId, rulePack, decision: 'KEEP', reason: message };
  return { ruleId, rulePack, decision: wishOf(finding), reason: `${message} ${outcomeOf(finding)}` };
}

function outcomeOf(finding: DetectedFinding): string {
  const [blocker] = heldBy(finding);
  if (blocker !== undefined) return `Held: ${blocker.message}`;
  return finding.suggestion ?? 'Nothing is changed: this is reported only.';
}

function guards(
  policy: ExplainablePolicy,
  { resource, names }: Subjects,
  context: ExplanationContext,
): ExplainedVerdict[] {
  const { platform } = context;
  return names.flatMap((name): ExplainedVerdict[] => {
    const protectors = policy.protectors(resource, name, context);
    const kept = protectors.map(({ rulePack, message }) => keep(rulePack, message));
    const reserved = reservedBlocker(platform, name);
    return reserved === null ? kept : [keep(null, reserved.message), ...kept];
  });
}

/** null for a name that rules may judge. */
export function reservedBlocker(platform: Platform, name: string): ExplainedBlocker | null {
  if (RESERVED_NAMES[platform]?.test(name) !== true) return null;
  return PLATFORM_WORDS[platform].reserved?.(name) ?? null;
}

const keep = (rulePack: string | null, reason: string): ExplainedVerdict => ({
  ruleId: null,
  rulePack,
  decision: 'KEEP',
  reason,
});

/** One for each rule, with all that it lacks. */
function unknowns(unjudged: readonly Unjudged[]): ExplainedVerdict[] {
  const needs = new Map<string, { readonly one: Unjudged; readonly facts: Set<string> }>();
  for (const one of unjudged) {
    const key = JSON.stringify([one.rulePack, one.ruleId]);
    const known = needs.get(key) ?? { one, facts: new Set() };
    needs.set(key, known);
    known.facts.add(one.needs);
  }
  return [...needs.values()].map(({ one: { rulePack, ruleId }, facts }) => ({
    ruleId,
    rulePack,
    decision: 'UNKNOWN',
    reason: `Not evaluated for want of a fact: ${listWords([...facts].sort(byCodeUnit))}.`,
  }));
}

const byRule = (a: ExplainedVerdict, b: ExplainedVerdict): number =>
  byCodeUnit(a.rulePack ?? '', b.rulePack ?? '') ||
  byCodeUnit(a.ruleId ?? '', b.ruleId ?? '') ||
  byCodeUnit(a.reason, b.reason);
