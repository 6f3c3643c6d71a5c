import { foldAsciiCase } from '../../matchers/ascii-case.js';
import { editDistance } from '../../matchers/edit-distance.js';
import { anyOf } from '../../matchers/matcher-set.js';
import { exact, type Matcher } from '../../matchers/matcher.js';
import { fields, labelKey, labelValue, listOf } from '../../policy/schema/fields.js';
import { matcher } from '../../policy/schema/matcher-schema.js';
import type { Repair, TagJudge } from '../judge.js';
import { describeMatcher } from '../../matchers/matcher.js';
import { listWords, quote } from '../quote.js';
import { defineKind, type RuleFault } from '../rule-kind.js';
import type { Vocabulary } from '../rule.js';

interface Allowed {
  readonly key: string;
  readonly values?: string[] | undefined;
  readonly matches?: Matcher | undefined;
}

export const valueAllowed = defineKind({
  name: 'value-allowed',
  judges: 'label',
  finds: 'values outside a list (or the vocabulary), or that a matcher does not match',
  params: {
    key: labelKey(),
    values: listOf(labelValue()).optional(),
    matches: matcher().optional(),
  },
  fixes: { nearest: fields('this fix', {}) },
  title: ({ params }) => `Values of ${params.key} that are not allowed`,
  canonicalKeys: ({ params }) => [params.key],
  check: ({ params, fix }, vocabulary) => allowedFaults(params, fix !== null, vocabulary),
  compile({ params, fix }, { vocabulary }): TagJudge<true> {
    const values = valuesOf(params, vocabulary);
    const matches = params.matches === undefined ? null : anyOf([params.matches]);
    const allowed = matches ?? ((value: string) => values.includes(value));
    const expected =
      params.matches === undefined
        ? `one of ${listWords(values.map(quote), 8)}`
        : describeMatcher(params.matches);
    return {
      level: 'tag',
      names: [exact(params.key)],
      look: () => true,
      judge(tag) {
        const value = tag.value ?? '';
        if (allowed(value)) return null;
        return {
          tag: tag.name,
          value,
          message: `The value ${quote(value)} of ${quote(tag.name)} is not allowed: expected ${expected}.`,
          repair: fix === null ? null : nearest(tag.name, value, values),
          evidence: {},
        };
      },
    };
  },
});

const valuesOf = ({ key, values }: Allowed, vocabulary: Vocabulary): readonly string[] =>
  values ?? vocabulary.values.get(key) ?? [];

function allowedFaults(params: Allowed, fixes: boolean, vocabulary: Vocabulary): RuleFault[] {
  const critical = (path: string[], message: string): RuleFault[] => [
    { path, message, severity: 'critical' },
  ];
  if (params.matches !== undefined && params.values !== undefined) {
    return critical(['matches'], 'This rule has both `values` and `matches`; keep the one that decides.');
  }
  if (params.matches !== undefined) {
    return fixes
      ? critical(['fix'], 'A matcher has no nearest value; give `values`, or leave `fix` out.')
      : [];
  }
  if (valuesOf(params, vocabulary).length > 0) return [];
  return critical(
    ['key'],
    `The vocabulary has no values for ${quote(params.key)}: add them to \`vocabulary.values\`, or give the rule \`values\` or \`matches\`.`,
  );
}

/** The one allowed value that is nearest, when exactly one is: at most one edit below 8 letters, else two; ASCII case does not count. */
function nearest(key: string, value: string, values: readonly string[]): Repair | null {
  const written = foldAsciiCase(value.trim());
  const limit = written.length < 8 ? 1 : 2;
  const near = values
    .map((candidate) => ({ candidate, distance: editDistance(written, foldAsciiCase(candidate), limit) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  const [best, second] = near;
  if (best === undefined || best.distance === second?.distance) return null;
  const set = { change: 'set', key, value: best.candidate } as const;
  return { suggestion: `Set ${quote(key)} to ${quote(best.candidate)}.`, changes: [set] };
}
