import { findRuleKind } from '../rules/find-rule-kind.js';
import { didYouMean } from './document/did-you-mean.js';
import { isList, isMap, shortened, valueAt, type SourceDocument } from './document/document.js';
import { readDocument } from './document/read-document.js';
import { visibleText } from './document/visible-text.js';
import { PLATFORM_TAG_KIND } from './platform-tag-kind.js';
import { patternBudgetFaults, patternWeightFault } from './pattern-budget.js';
import type { Diagnostic } from './policy.js';
import { readRules, type ReadRules } from './read-rules.js';
import { readTest } from './read-test.js';
import type { RulePack } from './rule-pack.js';
import { diagnoseIssues, diagnostic } from './schema/diagnose.js';
import { packSchema, vocabularySchema, type WrittenPack } from './schema/pack-schema.js';

export interface ParsedRulePack {
  /** null as soon as one diagnostic is CRITICAL: a pack is never half loaded. */
  readonly pack: RulePack | null;
  readonly diagnostics: readonly Diagnostic[];
}

const MAX_DIAGNOSTICS = 200;

/**
 * Reads a rule pack written in YAML 1.2 or JSON, and says everything that is wrong with it at once, each at its line.
 * Any text at all gives diagnostics, never an exception.
 */
export function parseRulePack(text: string): ParsedRulePack {
  const { document, faults } = readDocument(text);
  if (document === null) return { pack: null, diagnostics: limited(faults) };
  if (!isMap(document.root)) {
    const message = 'A rule pack is a mapping with at least `pack` (its name) and `rules` (a list).';
    return { pack: null, diagnostics: limited([...faults, diagnostic(document, [], message)]) };
  }
  const heavy = patternWeightFault(document);
  if (heavy !== null) return { pack: null, diagnostics: limited([...faults, heavy]) };
  const written = packSchema.safeParse(document.root);
  const rules = readRules(document, document.root.rules);
  const diagnostics = [
    ...faults,
    ...(written.success ? [] : diagnoseIssues(document, written.error.issues)),
    ...rules.diagnostics,
    ...ruleFaults(document, rules),
    ...idleFaults(document, rules),
    ...testFaults(document, rules),
    ...patternBudgetFaults(document),
  ];
  const refused = !written.success || diagnostics.some(({ severity }) => severity === 'critical');
  return {
    pack: refused ? null : buildPack(document, written.data, rules),
    diagnostics: limited(diagnostics),
  };
}

/** In the order of the document, fit to be shown; what is over the limit is counted, never silently dropped. */
function limited(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const sorted = [...diagnostics].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
  const shown = sorted
    .slice(0, MAX_DIAGNOSTICS)
    .map((found) => ({ ...found, message: visibleText(found.message) }));
  const next = sorted[MAX_DIAGNOSTICS];
  if (next === undefined) return shown;
  const severity = sorted.slice(MAX_DIAGNOSTICS).some((found) => found.severity === 'critical')
    ? 'critical'
    : next.severity;
  const message = `And ${sorted.length - MAX_DIAGNOSTICS} more; mend these first.`;
  return [...shown, { message, line: next.line, column: next.column, path: null, severity }];
}

function buildPack(document: SourceDocument, written: WrittenPack, { rules }: ReadRules): RulePack {
  return {
    name: written.pack,
    description: written.description ?? null,
    vocabulary: written.vocabulary,
    ownerTag: written.report?.ownerTag ?? null,
    owners: written.report?.owners ?? [],
    protect: written.protect ?? [],
    unprotect: written.unprotect ?? [],
    rules: rules.map(({ rule }) => rule),
    tests: (written.tests ?? []).map((test, index) => readTest(document, test, index)),
  };
}

/** What the fields of a rule alone do not show. */
function ruleFaults(document: SourceDocument, { rules }: ReadRules): Diagnostic[] {
  const vocabulary = vocabularySchema.safeParse(valueAt(document.root, ['vocabulary']));
  if (!vocabulary.success) return [];
  return rules.flatMap(({ rule, index }) =>
    (findRuleKind(rule.kind)?.check(rule, vocabulary.data) ?? []).map(({ path, message, severity }) =>
      diagnostic(document, ['rules', index, ...path], message, { severity }),
    ),
  );
}

/** Platforms whose tags the kind does not judge: the rule loads, and never finds anything there. */
function idleFaults(document: SourceDocument, { rules }: ReadRules): Diagnostic[] {
  return rules.flatMap(({ rule, index }) => {
    const judges = findRuleKind(rule.kind)?.judges;
    return (rule.on.platforms ?? []).flatMap((platform, at) => {
      if (PLATFORM_TAG_KIND[platform] === judges) return [];
      const message = `${rule.kind} judges ${judges ?? 'other tag'}s, and ${platform} has none: this rule never finds anything there.`;
      const path = ['rules', index, 'on', 'platforms', at];
      return [diagnostic(document, path, message, { severity: 'medium' })];
    });
  });
}

/** Cases that name a rule which the pack does not have. */
function testFaults(document: SourceDocument, { ids }: ReadRules): Diagnostic[] {
  const tests = valueAt(document.root, ['tests']);
  return (isList(tests) ? tests : []).flatMap((test, index) =>
    ['only', 'notEvaluated'].flatMap((field) => {
      const named = isMap(test) ? test[field] : undefined;
      return (isList(named) ? named : []).flatMap((id, at) => {
        if (typeof id !== 'string' || id === '' || ids.has(id)) return [];
        const message = `This pack has no rule ${JSON.stringify(shortened(id))}.${didYouMean(id, [...ids])}`;
        return [diagnostic(document, ['tests', index, field, at], message)];
      });
    }),
  );
}
