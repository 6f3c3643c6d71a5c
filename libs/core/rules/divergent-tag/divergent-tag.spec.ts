import { expect, it } from 'vitest';
import { pointed, pointerContext } from '../../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../../testing/policy-builders.js';

it('finds names that point elsewhere in another target, names no other target, and says where nobody knows', () => {
  const policy = policyOf(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'divergent-tag' }] }));
  const elsewhere = [
    { target: 'z', digest: 'y' },
    { target: 'mirror', digest: 'y' },
    { target: 'same', digest: 'x' },
  ];
  const tags = [
    { name: 'a', digest: 'x', elsewhere },
    { name: 'b', digest: 'x', elsewhere: elsewhere.slice(2) },
    { name: 'c', digest: 'x' },
    { name: 'd', elsewhere },
  ];
  const { findings, notEvaluated } = policy.evaluate([pointed('a', tags)], pointerContext('registry'));
  expect(findings).toMatchObject([
    {
      tag: 'a',
      message: 'The name "a" points at another object in 2 other targets.',
      evidence: { digest: 'x', targets: 2, elsewhere: ['y'] },
    },
  ]);
  expect(notEvaluated.map(({ needs }) => needs)).toEqual([
    'where names point',
    'where names point in other targets',
  ]);
});
