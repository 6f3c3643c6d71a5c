import { expect, it } from 'vitest';
import { pointed, pointerContext } from '../../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../../testing/policy-builders.js';

it('finds tags without a signature, and says where nobody knows', () => {
  const policy = policyOf(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'unsigned-tag' }] }));
  const tags = [
    { name: 'a', annotated: true, signed: true },
    { name: 'b', annotated: true, signed: false },
    { name: 'c', annotated: false },
    { name: 'd', annotated: true },
  ];
  const { findings, notEvaluated } = policy.evaluate([pointed('a', tags)], pointerContext());
  expect(findings.map(({ message }) => message)).toEqual([
    'The tag "b" is not signed.',
    'The tag "c" is not signed: it is not annotated, so it can carry no signature.',
  ]);
  expect(notEvaluated).toEqual([
    { rulePack: 'p', ruleId: 'r', needs: 'whether tags are signed', resources: 1 },
  ]);
  expect([...policy.factsFor({ platform: 'git', target: 't' })]).toEqual(['annotated', 'signed']);
});
