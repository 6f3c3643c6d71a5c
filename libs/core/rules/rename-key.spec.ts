import { describe, expect, it } from 'vitest';
import { judge, labelled, labelsOf, packOf } from '../../testing/policy-builders.js';
import { applyFixes } from '../policy/apply-fixes.js';

type Labels = Readonly<Record<string, string>>;

function after(onConflict: string, labels: Labels) {
  const rule = {
    id: 'r',
    kind: 'key-spelling',
    canonical: 'k',
    variants: ['v', 'w'],
    fix: { rename: { onConflict } },
  };
  const findings = judge(packOf({ pack: 'p', rules: [rule] }), labels);
  const left = Object.fromEntries(applyFixes(labelsOf(labelled('i', labels)), findings));
  return { left, blocked: findings.flatMap(({ tag, blocked }) => (blocked ? [tag] : [])).join() };
}

describe('the four cases of a rename', () => {
  it.each<[string, Labels, Labels, string]>([
    ['report', { v: 'a' }, { k: 'a' }, ''],
    ['report', { v: 'a', k: 'a' }, { k: 'a' }, ''],
    ['report', { v: 'a', k: 'b' }, { v: 'a', k: 'b' }, 'v'],
    ['keep-canonical', { v: 'a', k: 'b' }, { k: 'b' }, ''],
    ['keep-variant', { v: 'a', k: 'b' }, { k: 'a' }, ''],
    ['report', { w: 'b', v: 'a' }, { k: 'a', w: 'b' }, 'w'],
    ['keep-canonical', { w: 'b', v: 'a' }, { k: 'a' }, ''],
    ['keep-variant', { w: 'b', v: 'a', k: 'c' }, { k: 'a' }, ''],
    ['report', { w: 'a', v: 'a', k: 'a' }, { k: 'a' }, ''],
    ['report', { v: '', k: 'a' }, { v: '', k: 'a' }, 'v'],
  ])('%s: %j becomes %j, blocked: %s', (onConflict, labels, left, blocked) => {
    expect(after(onConflict, labels)).toEqual({ left, blocked });
  });

  it('says why it is blocked, and by which key', () => {
    const rule = { id: 'r', kind: 'key-spelling', canonical: 'k', variants: ['v'], fix: 'rename' };
    const [finding] = judge(packOf({ pack: 'p', rules: [rule] }), { v: 'a', k: 'b' });
    expect(finding).toMatchObject({
      fixable: true,
      blocked: true,
      changes: [],
      suggestion: 'Decide between the values of "v" and "k", then remove "v".',
      evidence: { blockedBy: [{ code: 'VALUE_CONFLICT', references: ['k'] }] },
    });
  });
});
