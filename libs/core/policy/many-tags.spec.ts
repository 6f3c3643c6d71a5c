import { describe, expect, it } from 'vitest';
import { pointed, pointerContext } from '../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../testing/policy-builders.js';
import type { Resource } from '../model/resource.js';

const names = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ name: `tag-${at}`, digest: `d${at}`, was: `w${at}` }));
const ALL = { mustNot: { glob: '**' }, fix: 'untag' };

describe('a repository with very many tags', () => {
  it('is not gone through again for every tag', () => {
    const pack = packOf({
      pack: 'p',
      protect: [{ where: [{ tag: 'absent', matches: { exact: 'x' } }] }],
      rules: [
        {
          id: 'a',
          kind: 'name-pattern',
          ...ALL,
          on: { where: [{ tag: 'absent', matches: { glob: '**' } }] },
        },
        { id: 'b', kind: 'name-pattern', ...ALL },
        { id: 'c', kind: 'moved-tag', fix: { restore: { optIn: true } } },
      ],
    });
    const { tags, ...rest } = pointed('acme/app', names(1_000));
    let reads = 0;
    const resource: Resource = {
      ...rest,
      get tags() {
        reads += 1;
        return tags;
      },
    };
    const { findings } = policyOf(pack).evaluate([resource], pointerContext());
    // Two rules and their disagreement, on every tag.
    expect(findings).toHaveLength(3_000);
    expect(reads).toBeLessThan(10);
  });

  it('costs no more per tag when every tag is in conflict', { timeout: 30_000 }, () => {
    const pack = packOf({
      pack: 'p',
      rules: [
        { id: 'a', kind: 'name-pattern', ...ALL },
        { id: 'b', kind: 'moved-tag', fix: { restore: { optIn: true } } },
      ],
    });
    const { findings } = policyOf(pack).evaluate([pointed('acme/app', names(8_000))], pointerContext());
    expect(findings).toHaveLength(24_000);
    expect(findings.every(({ changes }) => changes.length === 0)).toBe(true);
    // Each says which name it is about, not which others are in conflict too.
    const own = findings.find(({ tag, ruleId }) => tag === 'tag-7' && ruleId === 'a');
    expect(own?.evidence.blockedBy).toMatchObject([
      { message: 'Rules want different changes to "tag-7" (p/a and p/b); none is made until they agree.' },
    ]);
  });
});
