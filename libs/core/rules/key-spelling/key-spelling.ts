import { byCodeUnit, foldAsciiCase } from '../../matchers/ascii-case.js';
import { editDistance } from '../../matchers/edit-distance.js';
import type { Tag } from '../../model/resource.js';
import { flag, labelKey, listOf, wholeNumber } from '../../policy/schema/fields.js';
import type { Fault, Subject, TagJudge } from '../judge.js';
import { quote } from '../quote.js';
import { renameKey, renameParams, type OnConflict } from '../rename-key.js';
import { defineKind, type RuleFault } from '../rule-kind.js';
import type { Vocabulary } from '../rule.js';

/** How a key came to be taken for the canonical one. `rank`: lower is preferred when several meet. */
type Seen =
  | { readonly how: 'listed' | 'case'; readonly rank: number }
  | { readonly how: 'fuzzy'; readonly distance: number };

interface Spelling {
  readonly canonical: string;
  readonly variants: readonly string[];
  readonly ignoreCase: boolean;
  readonly fuzzy: number;
}

/** Shorter keys have too many neighbours that are words of their own. */
const SHORTEST_FUZZY = 4;
/** Below this length only one edit counts. */
const SHORT = 8;

export const keySpelling = defineKind({
  name: 'key-spelling',
  judges: 'label',
  finds: 'keys that stand for a canonical key: listed variants, other case, near misspellings',
  params: {
    canonical: labelKey(),
    variants: listOf(labelKey()).optional(),
    ignoreCase: flag().optional(),
    fuzzy: wholeNumber(0, 2).optional(),
  },
  fixes: { rename: renameParams() },
  title: ({ params }) => `Keys spelled like ${params.canonical}`,
  canonicalKeys: ({ params }) => [params.canonical],
  check: ({ params }, vocabulary) => variantFaults(spellingOf(params), vocabulary),
  compile({ params, fix }, { vocabulary, knownKeys, judges }): TagJudge<Seen> {
    const spelling = spellingOf(params);
    const see = speller(spelling, vocabulary, knownKeys);
    const rivals = (subject: Subject) => rivalsOf(subject, (name) => (judges(name) ? see(name) : null));
    return {
      level: 'tag',
      names: 'all',
      look: see,
      judge: (tag, seen, subject) =>
        seen.how === 'fuzzy'
          ? nearMiss(tag, seen.distance, spelling.canonical, subject)
          : misspelling(tag, seen.how, {
              spelling,
              subject,
              onConflict: fix?.params.onConflict ?? null,
              rivals,
            }),
    };
  },
});

function spellingOf(params: {
  canonical: string;
  variants?: string[] | undefined;
  ignoreCase?: boolean | undefined;
  fuzzy?: number | undefined;
}): Spelling {
  const { canonical, variants = [], ignoreCase = false, fuzzy = 0 } = params;
  return { canonical, variants, ignoreCase, fuzzy };
}

function variantFaults({ canonical, variants }: Spelling, vocabulary: Vocabulary): RuleFault[] {
  return variants.flatMap((variant, index): RuleFault[] => {
    const path = ['variants', index];
    if (variant === canonical) {
      const message = `${quote(variant)} is the canonical key itself; it cannot be a variant of itself.`;
      return [{ path, message, severity: 'critical' }];
    }
    if (!vocabulary.keys.has(variant)) return [];
    const message = `${quote(variant)} is a key of the vocabulary, so it is never taken for a variant; take it out of one of the two.`;
    return [{ path, message, severity: 'medium' }];
  });
}

function speller(
  spelling: Spelling,
  vocabulary: Vocabulary,
  knownKeys: ReadonlySet<string>,
): (name: string) => Seen | null {
  const { canonical, variants, ignoreCase, fuzzy } = spelling;
  const exact = new Map(variants.map((variant, rank) => [variant, rank]));
  const folded = new Map([...variants].reverse().map((v) => [foldAsciiCase(v), variants.indexOf(v)]));
  const fold = (name: string): string => (ignoreCase ? foldAsciiCase(name) : name);
  const target = fold(canonical);
  return (name) => {
    if (name === canonical || vocabulary.keys.has(name)) return null;
    const listed = exact.get(name);
    if (listed !== undefined) return { how: 'listed', rank: listed };
    if (ignoreCase) {
      const rank = folded.get(foldAsciiCase(name));
      if (rank !== undefined) return { how: 'case', rank };
      if (fold(name) === target) return { how: 'case', rank: variants.length };
    }
    const shortest = Math.min(name.length, canonical.length);
    if (fuzzy === 0 || name.length < SHORTEST_FUZZY || knownKeys.has(name)) return null;
    const limit = shortest < SHORT ? Math.min(fuzzy, 1) : fuzzy;
    if (Math.abs(name.length - canonical.length) > limit) return null;
    const distance = editDistance(fold(name), target, limit);
    return distance > limit ? null : { how: 'fuzzy', distance };
  };
}

/** The keys of the resource that would be renamed, the preferred first. */
function rivalsOf(subject: Subject, see: (name: string) => Seen | null): string[] {
  const ranked = subject.tags.flatMap(({ name }) => {
    const seen = see(name);
    return seen === null || seen.how === 'fuzzy'
      ? []
      : [{ name, rank: seen.rank, exact: seen.how === 'listed' ? 0 : 1 }];
  });
  ranked.sort((a, b) => a.rank - b.rank || a.exact - b.exact || byCodeUnit(a.name, b.name));
  return ranked.map(({ name }) => name);
}

interface Misspelling {
  readonly spelling: Spelling;
  readonly subject: Subject;
  /** null: the rule only reports. */
  readonly onConflict: OnConflict | null;
  readonly rivals: (subject: Subject) => readonly string[];
}

function misspelling(tag: Tag, how: 'listed' | 'case', context: Misspelling): Fault {
  const { spelling, subject, onConflict } = context;
  const request = { from: tag.name, to: spelling.canonical, rivals: context.rivals(subject) };
  return {
    tag: tag.name,
    value: tag.value,
    message: `The key ${quote(tag.name)} should be spelled ${quote(spelling.canonical)}.`,
    repair: onConflict === null ? null : renameKey(subject, { ...request, onConflict }),
    evidence: { canonical: spelling.canonical, how },
  };
}

/** Reported only: a neighbour may be a word of its own until somebody lists it among the variants. */
function nearMiss(tag: Tag, distance: number, canonical: string, subject: Subject): Fault | null {
  if (subject.isProtected(tag.name)) return null;
  const edits = distance === 1 ? 'one edit' : `${distance} edits`;
  return {
    tag: tag.name,
    value: tag.value,
    message: `The key ${quote(tag.name)} looks like ${quote(canonical)}, ${edits} away; list it among the variants if it is one.`,
    repair: null,
    evidence: { canonical, how: 'fuzzy', distance },
  };
}
