import { z } from 'zod';
import { foldAsciiCase } from '../../matchers/ascii-case.js';
import { exact } from '../../matchers/matcher.js';
import { fields, flag, labelKey, labelValue } from '../../policy/schema/fields.js';
import type { TagJudge } from '../judge.js';
import { quote } from '../quote.js';
import { defineKind, type RuleFault } from '../rule-kind.js';

export const valueMap = defineKind({
  name: 'value-map',
  judges: 'label',
  finds: 'synonyms of a canonical value',
  params: {
    key: labelKey(),
    map: z.record(labelValue(), labelValue()).refine((map) => Object.keys(map).length > 0, {
      error: '"map" needs at least one synonym: { prod: production }',
    }),
    ignoreCase: flag().optional(),
  },
  fixes: { set: fields('this fix', {}) },
  title: ({ params }) => `Synonyms among the values of ${params.key}`,
  canonicalKeys: ({ params }) => [params.key],
  check: ({ params }) => mapFaults(params.map, params.ignoreCase ?? false),
  compile({ params, fix }): TagJudge<true> {
    const canonicalOf = valueMapper(params.map, params.ignoreCase ?? false);
    return {
      level: 'tag',
      names: [exact(params.key)],
      look: () => true,
      judge(tag) {
        const canonical = canonicalOf(tag.value ?? '');
        if (canonical === null) return null;
        const set = { change: 'set', key: tag.name, value: canonical } as const;
        return {
          tag: tag.name,
          value: tag.value,
          message: `The value ${quote(tag.value ?? '')} of ${quote(tag.name)} should be ${quote(canonical)}.`,
          repair:
            fix === null
              ? null
              : { suggestion: `Set ${quote(tag.name)} to ${quote(canonical)}.`, changes: [set] },
          evidence: { canonical },
        };
      },
    };
  },
});

/** The value that a synonym stands for; null for one that is canonical, or no synonym. */
function valueMapper(
  map: Readonly<Record<string, string>>,
  ignoreCase: boolean,
): (value: string) => string | null {
  const fold = ignoreCase ? foldAsciiCase : (value: string) => value;
  const canonical = new Set(Object.values(map));
  const known = new Map([...canonical].map((value) => [fold(value), value]));
  for (const [synonym, value] of Object.entries(map)) known.set(fold(synonym), value);
  return (value) => (canonical.has(value) ? null : (known.get(fold(value)) ?? null));
}

function mapFaults(map: Readonly<Record<string, string>>, ignoreCase: boolean): RuleFault[] {
  const fold = ignoreCase ? foldAsciiCase : (value: string) => value;
  const canonical = new Map(Object.values(map).map((value) => [fold(value), value]));
  const seen = new Map<string, string>();
  return Object.entries(map).flatMap(([synonym, value]): RuleFault[] => {
    const path = ['map', synonym];
    const critical = (message: string): RuleFault[] => [{ path, message, severity: 'critical' }];
    const before = seen.get(fold(synonym)) ?? value;
    seen.set(fold(synonym), value);
    if (before !== value) {
      return critical(
        `With ignoreCase, ${quote(synonym)} is written twice: for ${quote(before)} and for ${quote(value)}.`,
      );
    }
    if (canonical.get(fold(value)) !== value) {
      return critical(
        `With ignoreCase, ${quote(value)} and ${quote(canonical.get(fold(value)) ?? '')} are one value; map to one of them.`,
      );
    }
    const target = canonical.get(fold(synonym));
    if (target === undefined || target === value) return [];
    return critical(
      `${quote(synonym)} is mapped to ${quote(value)}, but another entry maps to ${quote(target)}: what is mapped to is canonical. Map straight to the last value.`,
    );
  });
}
