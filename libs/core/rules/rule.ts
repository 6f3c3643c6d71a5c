import type { Severity } from '../model/severity.js';
import type { Selector } from '../policy/selector.js';

/** `fix:` of a rule: its name and the parameters it takes in that kind. */
export interface Fix<Name extends string = string, Params = unknown> {
  readonly name: Name;
  readonly params: Params;
}

/** One rule of a pack as parsed; a kind sees its own parameters typed. */
export interface Rule<Params = unknown, RuleFix extends Fix = Fix> {
  readonly id: string;
  readonly kind: string;
  readonly on: Selector;
  readonly severity: Severity;
  readonly params: Params;
  /** null: the rule only reports. */
  readonly fix: RuleFix | null;
}

/** The organisation's canonical words, which rules of a pack share. */
export interface Vocabulary {
  readonly keys: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
}
