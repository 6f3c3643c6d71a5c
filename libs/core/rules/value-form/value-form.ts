import { z } from 'zod';
import { exact } from '../../matchers/matcher.js';
import { fields, labelKey, listOf } from '../../policy/schema/fields.js';
import type { TagJudge } from '../judge.js';
import { listWords, quote } from '../quote.js';
import { defineKind, type RuleFault } from '../rule-kind.js';

const FORMS = ['trim', 'lowercase', 'uppercase', 'nfc'] as const;
type Form = (typeof FORMS)[number];

const APPLY: Readonly<Record<Form, (value: string) => string>> = {
  trim: (value) => value.trim(),
  lowercase: (value) => value.toLowerCase(),
  uppercase: (value) => value.toUpperCase(),
  nfc: (value) => value.normalize('NFC'),
};

export const valueForm = defineKind({
  name: 'value-form',
  judges: 'label',
  finds: 'values with space around them, in the wrong case, or not in Unicode form NFC',
  params: { key: labelKey(), forms: listOf(z.enum(FORMS)) },
  fixes: { set: fields('this fix', {}) },
  title: ({ params }) =>
    `Values of ${params.key} that are not ${listWords(params.forms.map((form) => WORDS[form]))}`,
  canonicalKeys: ({ params }) => [params.key],
  check: ({ params }): RuleFault[] => {
    if (!params.forms.includes('lowercase') || !params.forms.includes('uppercase')) return [];
    const message = 'A value cannot be both lowercase and uppercase; keep one.';
    return [{ path: ['forms'], message, severity: 'critical' }];
  },
  compile({ params, fix }): TagJudge<true> {
    return {
      level: 'tag',
      names: [exact(params.key)],
      look: () => true,
      judge(tag) {
        const value = tag.value ?? '';
        const formed = inForm(value, params.forms);
        if (formed === value) return null;
        const broken = params.forms.filter((form) => APPLY[form](value) !== value).map((form) => WORDS[form]);
        const set = { change: 'set', key: tag.name, value: formed } as const;
        return {
          tag: tag.name,
          value,
          message: `The value ${quote(value)} of ${quote(tag.name)} is not ${listWords(broken)}.`,
          repair:
            fix === null
              ? null
              : { suggestion: `Set ${quote(tag.name)} to ${quote(formed)}.`, changes: [set] },
          evidence: { canonical: formed },
        };
      },
    };
  },
});

const WORDS: Readonly<Record<Form, string>> = {
  trim: 'trimmed',
  lowercase: 'lowercase',
  uppercase: 'uppercase',
  nfc: 'NFC',
};

/** Until nothing changes: composing a letter may uncover one with another case, and the other way round. */
function inForm(value: string, forms: readonly Form[]): string {
  let formed = value;
  for (let round = 0; round < 4; round += 1) {
    const next = forms.reduce((text, form) => APPLY[form](text), formed);
    if (next === formed) return formed;
    formed = next;
  }
  return formed;
}
