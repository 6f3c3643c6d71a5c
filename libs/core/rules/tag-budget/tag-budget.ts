import { wholeNumber } from '../../policy/schema/fields.js';
import type { ResourceJudge } from '../judge.js';
import { defineKind } from '../rule-kind.js';

export const tagBudget = defineKind({
  name: 'tag-budget',
  judges: 'label',
  finds: 'resources with more tags than the budget; tags that the platform sets for itself do not count',
  params: { max: wholeNumber(0, 1_000) },
  fixes: {},
  title: ({ params }) => `Resources with more than ${params.max} tags`,
  compile({ params }, { judges }): ResourceJudge {
    return {
      level: 'resource',
      judge(subject) {
        const count = subject.tags.filter(({ name }) => judges(name)).length;
        if (count <= params.max) return [];
        const message = `This resource has ${count} tags; the budget is ${params.max}.`;
        return [
          { tag: null, value: null, message, repair: null, evidence: { tags: count, max: params.max } },
        ];
      },
    };
  },
});
