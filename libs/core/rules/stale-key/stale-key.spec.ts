import { describe, expect, it } from 'vitest';
import { judge, packOf } from '../../../testing/policy-builders.js';

const found = (rule: object, labels: Readonly<Record<string, string>>, more: object = {}) =>
  judge(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'stale-key', ...rule }], ...more }), labels);

describe('stale-key', () => {
  it('goes by the first matcher that matches', () => {
    const keys = [{ exact: 'old-app', replacedBy: 'application' }, { prefix: 'old-' }];
    const changes = found({ keys, fix: 'remove' }, { 'old-app': 'a', 'old-x': 'b' }).flatMap(
      (finding) => finding.changes,
    );
    expect(changes).toEqual([
      { change: 'rename', from: 'old-app', to: 'application', value: 'a' },
      { change: 'remove', key: 'old-x', value: 'b' },
    ]);
  });

  it('with `rename` only reports a key that nothing replaced', () => {
    const keys = [{ exact: 'old-app', replacedBy: 'application' }, { prefix: 'old-' }];
    const findings = found({ keys, fix: 'rename' }, { 'old-app': 'a', 'old-x': 'b' });
    expect(findings.map(({ tag, fixable }) => [tag, fixable])).toEqual([
      ['old-app', true],
      ['old-x', false],
    ]);
  });

  it('never overwrites what the new key says', () => {
    const keys = [{ exact: 'old', replacedBy: 'new' }];
    expect(found({ keys, fix: 'remove' }, { old: 'a', new: 'b' })).toMatchObject([
      { blocked: true, changes: [] },
    ]);
  });

  it('waits for the day the keys are retired', () => {
    const keys = [{ prefix: 'old-' }];
    expect(found({ keys, since: '2026-01-02' }, { 'old-a': '' })).toEqual([]);
    expect(found({ keys, since: '2026-01-01' }, { 'old-a': '' })).toHaveLength(1);
  });
});
