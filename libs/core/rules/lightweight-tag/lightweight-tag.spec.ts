import { expect, it } from 'vitest';
import { pointed, pointerContext } from '../../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../../testing/policy-builders.js';

it('finds tags that are not annotated, and says where nobody knows', () => {
  const policy = policyOf(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'lightweight-tag' }] }));
  const tags = [{ name: 'a', annotated: true }, { name: 'b', annotated: false, digest: 'x' }, 'c', 'd'];
  const { findings, notEvaluated } = policy.evaluate([pointed('a', tags)], pointerContext());
  expect(findings).toMatchObject([{ tag: 'b', fixable: false, evidence: { digest: 'x' } }]);
  expect(notEvaluated).toEqual([
    { rulePack: 'p', ruleId: 'r', needs: 'whether tags are annotated', resources: 1 },
  ]);
  expect([...policy.factsFor({ platform: 'git', target: 't' })]).toEqual(['annotated']);
});
