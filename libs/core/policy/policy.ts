import type { DetectedFinding, NotEvaluated } from '../model/finding.js';
import type { Platform } from '../model/platform.js';
import type { PointerFact, Resource } from '../model/resource.js';
import type { Severity } from '../model/severity.js';

/** What is wrong with a document, and where. CRITICAL refuses the pack; HIGH is a failed case of the pack's own tests; lint is MEDIUM or lower. */
export interface Diagnostic {
  readonly message: string;
  /** 1-based; null when the fault has no place. */
  readonly line: number | null;
  readonly column: number | null;
  /** Dotted path into the document: `rules.3.fix`. */
  readonly path: string | null;
  readonly severity: Severity;
}

/** One rule as lists and the API show it. */
export interface RuleSummary {
  /** The rule's id within its pack. */
  readonly key: string;
  readonly title: string;
  readonly kind: string;
  /** What the selector names; all platforms the kind can judge when it names none. */
  readonly platforms: readonly Platform[];
  readonly severity: Severity;
  readonly fixable: boolean;
}

/** What one batch is judged against. `now` is the scan's start: a verdict can be replayed. */
export interface EvaluationContext {
  readonly platform: Platform;
  /** The target's name: selectors may name it. */
  readonly target: string;
  readonly now: Date;
}

export interface Evaluation {
  readonly findings: readonly DetectedFinding[];
  readonly notEvaluated: readonly NotEvaluated[];
  /** What rules could not judge: an earlier finding there is neither confirmed nor gone. */
  readonly unjudged: readonly Unjudged[];
}

/** A tag of a resource that a rule could not judge. */
export interface Unjudged {
  readonly rulePack: string;
  readonly ruleId: string;
  readonly resource: string;
  /** null: what has no tag. undefined: the resource with all its tags. */
  readonly tag: string | null | undefined;
  /** The fact that nobody gave, in words. */
  readonly needs: string;
}

/** Rule packs made ready to judge. Pure, deterministic, free of order and of batch boundaries; safe to share. */
export interface Policy {
  /** The rules it runs, so that a scan knows whose findings it may resolve. */
  readonly rules: readonly { readonly rulePack: string; readonly ruleId: string }[];
  /** The facts of pointers that rules which have a say on this target ask for. */
  factsFor(context: Pick<EvaluationContext, 'platform' | 'target'>): ReadonlySet<PointerFact>;
  /**
   * As `evaluate`, a part at a time: a large resource neither fills the memory with findings nor holds the event loop for long. What the parts
   * say together is what `evaluate` says; a part may say nothing.
   */
  evaluateInParts(batch: readonly Resource[], context: EvaluationContext): Iterable<Evaluation>;
  evaluate(batch: readonly Resource[], context: EvaluationContext): Evaluation;
}

/** What keeps every plan off a tag. */
export interface Protector {
  /** null: it is built in. */
  readonly rulePack: string | null;
  /** One sentence. */
  readonly message: string;
  /** `pack/protect/0`, `built-in/prefix "eks:"`. */
  readonly reference: string;
}

/** A rule that decides over a resource as a whole, and why it lets a tag be. */
export interface Spared {
  readonly rulePack: string;
  readonly ruleId: string;
  /** One sentence. */
  readonly reason: string;
}

/** A policy that also says why it lets things be. */
export interface ExplainablePolicy extends Policy {
  /** Every protector of a tag that is there, or would be: those of packs, then what is built in. */
  protectors(resource: Resource, name: string, context: EvaluationContext): readonly Protector[];
  /** The rules that decided to keep the tag; not those that found nothing to say of it. */
  spared(resource: Resource, name: string, context: EvaluationContext): readonly Spared[];
  /** Does the rule's own selector let the name through? */
  selects(rule: { readonly rulePack: string; readonly ruleId: string }, name: string): boolean;
}
