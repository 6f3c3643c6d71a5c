import { z } from 'zod';
import { RULE_KINDS, findRuleKind } from '../rules/find-rule-kind.js';
import { ruleFields } from '../rules/rule-kind.js';
import type { Rule } from '../rules/rule.js';
import { didYouMean } from './document/did-you-mean.js';
import { isList, isMap, type SourceDocument, type Written } from './document/document.js';
import type { Diagnostic } from './policy.js';
import { diagnoseIssues, diagnostic } from './schema/diagnose.js';
import { MAX_RULES } from './schema/pack-schema.js';

export interface ReadRules {
  /** The good ones, with their place in the list. */
  readonly rules: readonly { readonly rule: Rule; readonly index: number }[];
  /** Every id that is written, of good rules and bad. */
  readonly ids: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads each rule by the schema of its kind. */
export function readRules(document: SourceDocument, written: Written | undefined): ReadRules {
  const rules: { rule: Rule; index: number }[] = [];
  const diagnostics: Diagnostic[] = [];
  const firstOf = new Map<string, number>();
  // What is over the limit is one diagnostic of the pack's own schema.
  const items = isList(written) ? written.slice(0, MAX_RULES) : [];
  items.forEach((item, index) => {
    const read = readRule(document, item, index);
    diagnostics.push(...read.diagnostics);
    if (read.rule !== null) rules.push({ rule: read.rule, index });
    const id = isMap(item) && typeof item.id === 'string' ? item.id : '';
    const first = firstOf.get(id);
    if (first === undefined) firstOf.set(id, index);
    else if (id !== '') diagnostics.push(takenId(document, id, first, index));
  });
  return { rules, ids: new Set(firstOf.keys()), diagnostics };
}

function takenId(document: SourceDocument, id: string, first: number, index: number): Diagnostic {
  const line = document.placeOf(['rules', first, 'id'])?.line ?? 0;
  const message = `The rule id ${JSON.stringify(id.slice(0, 80))} is already taken by the rule at line ${line}; ids are unique within a pack.`;
  return diagnostic(document, ['rules', index, 'id'], message);
}

const anyRule = z.looseObject(ruleFields());

function readRule(
  document: SourceDocument,
  written: Written,
  index: number,
): { rule: Rule | null; diagnostics: Diagnostic[] } {
  const path = ['rules', index];
  if (!isMap(written)) {
    const message = 'A rule is a mapping with at least `id` and `kind`.';
    return { rule: null, diagnostics: [diagnostic(document, path, message)] };
  }
  const kind = typeof written.kind === 'string' ? findRuleKind(written.kind) : null;
  if (kind !== null) {
    const read = kind.schema.safeParse(written);
    if (read.success) return { rule: read.data, diagnostics: [] };
    return { rule: null, diagnostics: diagnoseIssues(document, read.error.issues, path) };
  }
  const read = anyRule.safeParse(written);
  const diagnostics = read.success ? [] : diagnoseIssues(document, read.error.issues, path);
  if (typeof written.kind === 'string' && written.kind !== '') {
    diagnostics.push(diagnostic(document, [...path, 'kind'], unknownKind(written.kind)));
  }
  return { rule: null, diagnostics };
}

function unknownKind(name: string): string {
  const known = [...RULE_KINDS.keys()];
  const near = didYouMean(name, known);
  const rest = near === '' ? ` There are: ${known.join(', ')}.` : near;
  return `There is no kind of rule ${JSON.stringify(name.slice(0, 60))}.${rest}`;
}
