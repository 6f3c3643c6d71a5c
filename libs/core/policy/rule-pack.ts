import type { JsonObject } from '../model/json.js';
import type { Platform } from '../model/platform.js';
import type { PointerFacts } from '../model/resource.js';
import type { Rule, Vocabulary } from '../rules/rule.js';
import type { Owner } from './owners.js';
import type { Selector } from './selector.js';

/** A rule pack as parsed: complete and good, or it is not there at all. */
export interface RulePack {
  readonly name: string;
  readonly description: string | null;
  readonly vocabulary: Vocabulary;
  /** The tag by which reports group teams. */
  readonly ownerTag: string | null;
  /** Whose what has no such tag is; the first that matches wins. */
  readonly owners: readonly Owner[];
  readonly protect: readonly Selector[];
  /** Built-in protections that the organisation lifts. */
  readonly unprotect: readonly Selector[];
  readonly rules: readonly Rule[];
  readonly tests: readonly PackTest[];
}

/** One tag as a case of a pack's own tests gives it. */
export interface GivenTag {
  readonly name: string;
  /** null for a pointer. */
  readonly value: string | null;
  readonly digest: string | null;
  readonly created: Date | null;
  /** What else is said of a pointer. */
  readonly facts: PointerFacts;
}

export interface ExpectedFinding {
  readonly rule: string;
  /** undefined: not compared, like everything below that is left out. */
  readonly tag: string | undefined;
  readonly blocked: boolean | undefined;
}

/** One case of a pack's own tests. */
export interface PackTest {
  /** Where the case is written, for diagnostics. */
  readonly line: number | null;
  readonly column: number | null;
  readonly path: string;
  /** null: the moment at which the tests run. */
  readonly now: Date | null;
  readonly platform: Platform;
  readonly target: string;
  readonly scope: string;
  readonly resource: string;
  readonly resourceType: string;
  readonly given: readonly GivenTag[];
  readonly facts: JsonObject;
  /** null: every rule of the pack. */
  readonly only: readonly string[] | null;
  /** null: not compared. */
  readonly expect: readonly ExpectedFinding[] | null;
  /** The labels, or the names and where they point, once every fix is applied; null: not compared. */
  readonly after: ReadonlyMap<string, string> | null;
  /** Rules that must say that a fact is missing; null: not compared. */
  readonly notEvaluated: readonly string[] | null;
}
