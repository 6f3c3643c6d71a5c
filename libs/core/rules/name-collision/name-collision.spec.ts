import { describe, expect, it } from 'vitest';
import { judgePointers } from '../../../testing/pointer-builders.js';
import { packOf } from '../../../testing/policy-builders.js';

const found = (names: readonly string[], rule: object = {}) =>
  judgePointers(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'name-collision', ...rule }] }), names);

describe('name-collision', () => {
  it('finds every name beyond the plainest of those that fold to one', () => {
    const findings = found(['RC-1', 'rc-1', 'Rc_1', 'rc__1', 'other', 'v1.8.10', 'v1.81.0']);
    expect(findings.map(({ tag, message }) => [tag, message])).toEqual([
      ['RC-1', 'The name "RC-1" differs from "rc-1" only in case or separators.'],
      ['Rc_1', 'The name "Rc_1" differs from "rc-1" only in case or separators.'],
      ['rc__1', 'The name "rc__1" differs from "rc-1" only in case or separators.'],
    ]);
    expect(findings[0]?.evidence).toMatchObject({ canonical: 'rc-1', count: 4 });
  });

  it('judges only names that its selector lets through', () => {
    expect(found(['a-1', 'A-1'], { on: { tags: [{ prefix: 'a' }] } })).toEqual([]);
  });

  it('names a few where thousands fold to one', () => {
    const names = Array.from({ length: 4_096 }, (_, at) =>
      [...'abcdefghijkl'].map((letter, bit) => ((at >> bit) & 1 ? letter.toUpperCase() : letter)).join(''),
    );
    const findings = found(names);
    expect(findings).toHaveLength(4_095);
    expect(JSON.stringify(findings[0]).length).toBeLessThan(2_000);
  });
});
