import { z } from 'zod';
import { anyOf } from '../../matchers/matcher-set.js';
import { foldAsciiCase } from '../../matchers/ascii-case.js';
import type { Tag } from '../../model/resource.js';
import { fields, labelValue, listOf, text } from '../../policy/schema/fields.js';
import { matchers } from '../../policy/schema/matcher-schema.js';
import type { Repair, TagJudge } from '../judge.js';
import { listWords, quote } from '../quote.js';
import { defineKind, type RuleFault } from '../rule-kind.js';
import { EMPTY_STATES, emptiness, type EmptyState } from './emptiness.js';

const PLACEHOLDERS = ['n/a', 'todo', 'tbd', 'unknown'];
const WORDS: Readonly<Record<EmptyState, string>> = {
  empty: 'is empty',
  whitespace: 'is only white space',
  placeholder: 'is a placeholder',
};
type EmptyFix =
  { readonly name: 'remove' } | { readonly name: 'set'; readonly params: { readonly value: string } };

export const emptyValue = defineKind({
  name: 'empty-value',
  judges: 'label',
  finds:
    'values that say nothing: empty, only white space, or a placeholder (three separate states; a missing key is none of them)',
  params: {
    treatAsEmpty: listOf(z.enum(EMPTY_STATES)).optional(),
    placeholders: listOf(text(256)).optional(),
    except: matchers().optional(),
  },
  fixes: { remove: fields('this fix', {}), set: fields('this fix', { value: labelValue() }) },
  title: ({ params }) => `Values that say nothing (${listWords(params.treatAsEmpty ?? EMPTY_STATES)})`,
  check({ params, fix }): RuleFault[] {
    if (fix?.name !== 'set') return [];
    const state = emptyBy(params)(fix.params.value);
    if (state === null) return [];
    const message = `The value to set ${WORDS[state]} by this rule's own words, so the fix would never settle; set something that says something.`;
    return [{ path: ['fix', 'set', 'value'], message, severity: 'critical' }];
  },
  compile({ params, fix }): TagJudge<true> {
    const stateOf = emptyBy(params);
    const excepted = anyOf(params.except ?? []);
    return {
      level: 'tag',
      names: 'all',
      look: (name) => (excepted(name) ? null : true),
      judge(tag) {
        const state = stateOf(tag.value ?? '');
        if (state === null) return null;
        return {
          tag: tag.name,
          value: tag.value,
          message: `The value of ${quote(tag.name)} ${WORDS[state]}${state === 'placeholder' ? ` (${quote(tag.value ?? '')})` : ''}.`,
          repair: fix === null ? null : repair(tag, fix),
          evidence: { state },
        };
      },
    };
  },
});

/** The state of a value as far as the rule cares for it. */
function emptyBy(params: {
  treatAsEmpty?: EmptyState[] | undefined;
  placeholders?: string[] | undefined;
}): (value: string) => EmptyState | null {
  const states = new Set<EmptyState>(params.treatAsEmpty ?? EMPTY_STATES);
  const placeholders = new Set(
    (params.placeholders ?? PLACEHOLDERS).map((word) => foldAsciiCase(word.trim())),
  );
  const longest = Math.max(...[...placeholders].map((word) => word.length));
  const known = (value: string): EmptyState | null => {
    const says = value.length > longest && value.trim().length > longest;
    return says ? null : emptiness(value, placeholders);
  };
  return (value) => {
    const state = known(value);
    return state !== null && states.has(state) ? state : null;
  };
}

function repair(tag: Tag, fix: EmptyFix): Repair {
  const key = tag.name;
  return fix.name === 'remove'
    ? {
        suggestion: `Remove the key ${quote(key)}.`,
        changes: [{ change: 'remove', key, value: tag.value ?? '' }],
      }
    : {
        suggestion: `Set ${quote(key)} to ${quote(fix.params.value)}.`,
        changes: [{ change: 'set', key, value: fix.params.value }],
      };
}
