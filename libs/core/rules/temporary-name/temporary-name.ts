import { fields } from '../../policy/schema/fields.js';
import { matchers } from '../../policy/schema/matcher-schema.js';
import { age, ageOf, dateOf, describeAge, factsOfAge, needsDate } from '../age.js';
import type { TagJudge } from '../judge.js';
import { listWords, quote } from '../quote.js';
import { defineKind } from '../rule-kind.js';
import { untagName } from '../untag-name.js';

export const temporaryName = defineKind({
  name: 'temporary-name',
  judges: 'pointer',
  finds: 'names that were meant for a while (tmp, wip, pr-123) and are older than that',
  params: { names: matchers(), olderThan: age(), ageOf: ageOf().optional() },
  fixes: { untag: fields('this fix', {}) },
  title: ({ params }) =>
    `Names like ${listWords(
      params.names.map(({ text }) => text),
      3,
    )} older than ${describeAge(params.olderThan)}`,
  needs: ({ params }) => factsOfAge(params.ageOf ?? 'created'),
  compile({ params, fix }): TagJudge<true> {
    const of = params.ageOf ?? 'created';
    return {
      level: 'tag',
      names: params.names,
      look: () => true,
      judge(tag, _seen, { now }) {
        const date = dateOf(tag, of);
        // No date that can be relied on keeps the name.
        if (!('at' in date)) return { needs: needsDate(date) };
        if (now.getTime() - date.at.getTime() <= params.olderThan) return null;
        const since = date.at.toISOString();
        return {
          tag: tag.name,
          value: null,
          message: `The name ${quote(tag.name)} was meant for a while and is older than ${describeAge(params.olderThan)}.`,
          repair: fix === null ? null : untagName(tag),
          evidence: { digest: tag.digest, ageOf: of, since },
        };
      },
    };
  },
});
