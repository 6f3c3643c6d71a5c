import type { Tag } from '../../model/resource.js';
import { wholeNumber } from '../../policy/schema/fields.js';
import type { TagJudge } from '../judge.js';
import { listWords, quote } from '../quote.js';
import { defineKind } from '../rule-kind.js';

/** One thing that an image may have too much of. */
interface Budget {
  readonly name: 'layers' | 'bytes';
  readonly max: number;
}

export const imageBudget = defineKind({
  name: 'image-budget',
  judges: 'pointer',
  finds: 'images with more layers or bytes than the budget',
  params: {
    maxLayers: wholeNumber(1, 10_000).optional(),
    maxBytes: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  },
  fixes: {},
  title: ({ params }) =>
    `Images with more than ${listWords(budgetsOf(params).map(inWords), 2).replace(' and ', ' or ')}`,
  check: ({ params }) =>
    budgetsOf(params).length > 0
      ? []
      : [
          {
            path: [],
            message: 'This rule has no budget: give `maxLayers` or `maxBytes`.',
            severity: 'critical',
          },
        ],
  needs: () => ['manifest'],
  compile({ params }): TagJudge<true> {
    const budgets = budgetsOf(params);
    return {
      level: 'tag',
      names: 'all',
      look: () => true,
      judge(tag) {
        const over = budgets.filter(({ name, max }) => (tag.pointer?.[name] ?? 0) > max);
        if (over.length > 0) return fault(tag, over);
        const unknown = budgets.filter(({ name }) => tag.pointer?.[name] === undefined);
        return unknown.length === 0
          ? null
          : { needs: `the ${listWords(unknown.map(({ name }) => name))} of images` };
      },
    };
  },
});

function budgetsOf({
  maxLayers,
  maxBytes,
}: {
  maxLayers?: number | undefined;
  maxBytes?: number | undefined;
}): Budget[] {
  return [
    ...(maxLayers === undefined ? [] : [{ name: 'layers', max: maxLayers } as const]),
    ...(maxBytes === undefined ? [] : [{ name: 'bytes', max: maxBytes } as const]),
  ];
}

const amount = (count: number, of: Budget['name']): string => `${count.toLocaleString('en-US')} ${of}`;

const inWords = ({ name, max }: Budget): string => amount(max, name);

function fault({ name, digest, pointer }: Tag, over: readonly Budget[]) {
  const has = listWords(over.map((budget) => amount(pointer?.[budget.name] ?? 0, budget.name)));
  const message = `The image ${quote(name)} has ${has}; the budget is ${listWords(over.map(inWords))}.`;
  const measured = { layers: pointer?.layers ?? null, bytes: pointer?.bytes ?? null };
  return { tag: name, value: null, message, repair: null, evidence: { digest, ...measured } };
}
