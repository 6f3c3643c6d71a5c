import { describe, expect, it } from 'vitest';
import { judge, packOf } from '../../../testing/policy-builders.js';

const found = (rule: object, labels: Readonly<Record<string, string>>, more: object = {}) =>
  judge(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'unknown-key', ...rule }], ...more }), labels);

describe('unknown-key', () => {
  it('finds what is neither known, excepted, functional nor reserved', () => {
    const labels = { owner: '', Owner: '', 'acme:x': '', 'eks:cluster-name': '', 'AWS:x': '' };
    const findings = found({ except: [{ prefix: 'acme:' }] }, labels, { vocabulary: { keys: ['owner'] } });
    expect(findings.map(({ tag }) => tag)).toEqual(['Owner']);
  });

  it('finds a functional key once the organisation lifts its protection', () => {
    const unprotect = [{ tags: [{ prefix: 'eks:' }] }];
    const findings = found({}, { 'eks:cluster-name': '' }, { vocabulary: { keys: ['owner'] }, unprotect });
    expect(findings.map(({ tag }) => tag)).toEqual(['eks:cluster-name']);
  });
});
