import { describe, expect, it } from 'vitest';
import { pointed, pointerContext, type GivenPointer } from '../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../testing/policy-builders.js';

const OLD = '2024-01-01T00:00:00Z';

function unjudged(rule: object, tags: readonly GivenPointer[], more: object = {}): string[] {
  const pack = packOf({ pack: 'p', rules: [{ id: 'r', ...rule }] });
  const resource = pointed('acme/app', tags, more);
  const evaluation = policyOf(pack).evaluate([resource], pointerContext('registry'));
  return evaluation.unjudged
    .map(
      ({ rulePack, ruleId, resource: of, tag }) =>
        `${rulePack}/${ruleId} ${of} ${JSON.stringify(tag) ?? 'all'}`,
    )
    .sort();
}

const dated = { name: 'tmp-1', digest: 'sha256:a', created: OLD };
const undated = { name: 'tmp-2', digest: 'sha256:b' };

describe('what a rule could not judge', () => {
  it('is the tag whose fact is missing, and no other', () => {
    const rule = { kind: 'temporary-name', names: [{ prefix: 'tmp' }], olderThan: '1d', ageOf: 'created' };
    expect(unjudged(rule, [dated, undated, 'other'])).toEqual(['p/r acme/app "tmp-2"']);
  });

  it('is each candidate of a retention that has no date', () => {
    const rule = { kind: 'retention', keep: { any: [{ newerThan: '30d', ageOf: 'created' }] } };
    expect(unjudged(rule, [dated, undated])).toEqual(['p/r acme/app "tmp-2"']);
    const also = { ...rule, untagged: 'include', fix: 'purge' };
    expect(unjudged(also, [dated])).toEqual(['p/r acme/app null']);
  });

  it('is the whole resource for a kind whose fact nobody gives', () => {
    expect(unjudged({ kind: 'broken-index' }, [dated])).toEqual(['p/r acme/app all']);
  });

  it('is nothing where everything is known', () => {
    expect(unjudged({ kind: 'name-pattern', mustNot: { prefix: 'tmp' } }, [dated, undated])).toEqual([]);
  });
});
