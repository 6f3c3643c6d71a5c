import { describe, expect, it } from 'vitest';
import { pointed, pointerContext, type GivenPointer } from '../../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../../testing/policy-builders.js';
import { parseRulePack } from '../../policy/parse-rule-pack.js';
import { summarizeRules } from '../../policy/summarize-rules.js';

const packWith = (rule: object) => packOf({ pack: 'p', rules: [{ id: 'r', kind: 'image-budget', ...rule }] });
const judged = (rule: object, ...tags: GivenPointer[]) => {
  const { findings, notEvaluated } = policyOf(packWith(rule)).evaluate(
    [pointed('a', tags)],
    pointerContext('registry'),
  );
  return [...findings.map(({ message }) => message), ...notEvaluated.map(({ needs }) => `needs ${needs}`)];
};

describe('image-budget', () => {
  it('finds what is over either budget', () => {
    expect(
      judged(
        { maxLayers: 2, maxBytes: 10 },
        { name: 'a', layers: 3, bytes: 11 },
        { name: 'b', layers: 2, bytes: 10 },
      ),
    ).toEqual(['The image "a" has 3 layers and 11 bytes; the budget is 2 layers and 10 bytes.']);
    expect(judged({ maxLayers: 2, maxBytes: 10 }, { name: 'a', bytes: 11 })).toEqual([
      'The image "a" has 11 bytes; the budget is 10 bytes.',
    ]);
  });

  it('cannot judge an image of which a budget is not known and none is exceeded', () => {
    expect(judged({ maxLayers: 2, maxBytes: 10 }, { name: 'a', layers: 1 })).toEqual([
      'needs the bytes of images',
    ]);
    expect(judged({ maxLayers: 2, maxBytes: 10 }, 'a')).toEqual(['needs the layers and bytes of images']);
    expect(judged({ maxLayers: 2 }, { name: 'a', layers: 1 })).toEqual([]);
  });

  it('has at least one budget', () => {
    const { diagnostics } = parseRulePack('{ pack: p, rules: [{ id: r, kind: image-budget }] }');
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'This rule has no budget: give `maxLayers` or `maxBytes`.',
    ]);
    expect(summarizeRules(packWith({ maxLayers: 2, maxBytes: 10 }))[0]?.title).toBe(
      'Images with more than 2 layers or 10 bytes',
    );
  });
});
