import { anyOf } from '../../matchers/matcher-set.js';
import { matchers } from '../../policy/schema/matcher-schema.js';
import type { TagJudge } from '../judge.js';
import { quote } from '../quote.js';
import { defineKind, type RuleFault } from '../rule-kind.js';

export const unknownKey = defineKind({
  name: 'unknown-key',
  judges: 'label',
  finds: 'keys outside the vocabulary; keys that a tool of the platform works by are passed over',
  params: { except: matchers().optional() },
  fixes: {},
  title: () => 'Keys outside the vocabulary',
  check: (_rule, vocabulary): RuleFault[] => {
    if (vocabulary.keys.size > 0) return [];
    const message = 'This rule needs the words that are known: give the pack a `vocabulary` with `keys`.';
    return [{ path: ['kind'], message, severity: 'critical' }];
  },
  compile({ params }, { vocabulary }): TagJudge<true> {
    const excepted = anyOf(params.except ?? []);
    return {
      level: 'tag',
      names: 'all',
      look: (name) => (vocabulary.keys.has(name) || excepted(name) ? null : true),
      judge(tag, _seen, subject) {
        if (subject.isFunctional(tag.name)) return null;
        return {
          tag: tag.name,
          value: tag.value,
          message: `The key ${quote(tag.name)} is not in the vocabulary.`,
          repair: null,
          evidence: {},
        };
      },
    };
  },
});
