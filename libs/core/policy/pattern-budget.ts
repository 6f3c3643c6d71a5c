import { RE2JS } from 're2js';
import { patternFault, re2Source } from '../matchers/compile-pattern.js';
import { MAX_PATTERN_LENGTH, type Matcher } from '../matchers/matcher.js';
import { patternWeight } from '../matchers/pattern-weight.js';
import { isList, isMap, type Path, type SourceDocument, type Written } from './document/document.js';
import type { Diagnostic } from './policy.js';
import { diagnostic } from './schema/diagnose.js';

/** RE2 instructions of all patterns of a pack together: what one pass over a name may cost at the very worst. */
const MAX_PACK_PROGRAM = 12_000;

/** What all patterns of a pack may weigh before any is compiled: many times what the steps that are allowed can come from. */
const MAX_PACK_WEIGHT = 200_000;

/** Refuses patterns that would take long even to look at, before anything compiles them. */
export function patternWeightFault(document: SourceDocument): Diagnostic | null {
  let spent = 0;
  for (const { matcher, path } of patternsIn(document.root, [])) {
    // Too long a pattern is never compiled, and told of by itself.
    if (matcher.text.length <= MAX_PATTERN_LENGTH) spent += patternWeight(matcher);
    if (spent <= MAX_PACK_WEIGHT) continue;
    const message = `The patterns of this pack are too large together (more than ${MAX_PACK_WEIGHT} steps as they are written out). Split the pack, or write fewer, shorter or less repeated patterns.`;
    return diagnostic(document, path, message);
  }
  return null;
}

/** One diagnostic when a pack's patterns are too much together, at the pattern that is too many. */
export function patternBudgetFaults(document: SourceDocument): Diagnostic[] {
  let spent = 0;
  for (const { matcher, path } of patternsIn(document.root, [])) {
    if (patternFault(matcher) !== null) continue;
    spent += RE2JS.compile(re2Source(matcher)).programSize();
    if (spent <= MAX_PACK_PROGRAM) continue;
    const message = `The patterns of this pack are too large together (more than ${MAX_PACK_PROGRAM} steps of RE2). Split the pack, or write fewer or shorter patterns.`;
    return [diagnostic(document, path, message)];
  }
  return [];
}

function* patternsIn(value: Written, path: Path): Generator<{ matcher: Matcher; path: Path }> {
  if (isList(value)) {
    for (const [index, item] of value.entries()) {
      const at = [...path, index];
      if (typeof item === 'string' && isListOfGlobs(path))
        yield { matcher: { type: 'glob', text: item }, path: at };
      else yield* patternsIn(item, at);
    }
  } else if (isMap(value)) {
    for (const [key, item] of Object.entries(value)) {
      const at = [...path, key];
      const isPattern = key === 're2' || key === 'glob' || key === 'prefix';
      if (isPattern && typeof item === 'string') yield { matcher: { type: key, text: item }, path: at };
      else yield* patternsIn(item, at);
    }
  }
}

/** The one list in which a plain text is a glob: `report.owners.0.repositories`. */
function isListOfGlobs(path: Path): boolean {
  return path.length === 4 && path[0] === 'report' && path[1] === 'owners' && path[3] === 'repositories';
}
