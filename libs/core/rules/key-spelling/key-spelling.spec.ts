import { describe, expect, it } from 'vitest';
import { judge, packOf } from '../../../testing/policy-builders.js';

const found = (rule: object, labels: Readonly<Record<string, string>>, more: object = {}) =>
  judge(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'key-spelling', ...rule }], ...more }), labels);

const tags = (rule: object, ...keys: string[]) =>
  found({ canonical: 'environment', ...rule }, Object.fromEntries(keys.map((key) => [key, '']))).map(
    ({ tag }) => tag,
  );

describe('key-spelling', () => {
  it('finds listed variants as they are written', () => {
    expect(
      tags({ variants: ['env', 'enviroment'] }, 'env', 'enviroment', 'ENV', 'environment', 'envs'),
    ).toEqual(['env', 'enviroment']);
  });

  it('ignores ASCII case of the key and of its variants when told to, and no other', () => {
    const rule = { canonical: 'task', variants: ['job'], ignoreCase: true };
    const labels = { TASK: '', Job: '', 'tas\u212A': '', 'ta\u017Fk': '' };
    expect(found(rule, labels).map(({ tag }) => tag)).toEqual(['Job', 'TASK']);
  });

  it.each([
    [2, 'environmnt', true],
    [2, 'enviromnet', true],
    [1, 'enviromnet', false],
    [2, 'enviro', false],
    [0, 'environmnt', false],
  ])('with fuzzy %i, %s: %s', (fuzzy, key, hit) => {
    expect(tags({ fuzzy }, key).length > 0).toBe(hit);
  });

  it.each([
    ['owner', 'ownr', true],
    ['owner', 'onwer', true],
    ['owner', 'onwr', false],
    ['region', 'regionss', false],
    ['team', 'tea', false],
  ])(
    'below 8 letters counts one edit at most, and no key shorter than 4: %s, %s: %s',
    (canonical, key, hit) => {
      expect(found({ canonical, fuzzy: 2 }, { [key]: '' }).length > 0).toBe(hit);
    },
  );

  it('only reports a near miss, whatever the fix', () => {
    const [finding] = found({ canonical: 'environment', fuzzy: 2, fix: 'rename' }, { environmnet: 'a' });
    expect(finding).toMatchObject({
      fixable: false,
      blocked: false,
      changes: [],
      suggestion: null,
      evidence: { how: 'fuzzy', distance: 1 },
    });
  });

  it('never finds a key of the vocabulary, however it is named', () => {
    const rule = { canonical: 'name', variants: ['nom'], ignoreCase: true, fuzzy: 2 };
    const vocabulary = { keys: ['Name', 'nom', 'named'] };
    expect(
      found(rule, { Name: '', nom: '', named: '', NAME: '' }, { vocabulary }).map(({ tag }) => tag),
    ).toEqual(['NAME']);
  });

  it('does not take for a near miss what another rule takes for right', () => {
    const rules = [
      { id: 'a', kind: 'key-spelling', canonical: 'service', fuzzy: 1 },
      { id: 'b', kind: 'required-key', keys: ['services'] },
    ];
    expect(judge(packOf({ pack: 'p', rules }), { services: '' })).toEqual([]);
  });

  it('renames the variant that was written first, and sets the others against it', () => {
    const rule = { canonical: 'environment', variants: ['env', 'enviroment'], fix: 'rename' };
    const same = found(rule, { enviroment: 'a', env: 'a' });
    expect(same.map(({ tag, changes, suggestion }) => [tag, changes[0], suggestion])).toEqual([
      [
        'env',
        { change: 'rename', from: 'env', to: 'environment', value: 'a' },
        'Rename the key "env" to "environment".',
      ],
      [
        'enviroment',
        { change: 'rename', from: 'enviroment', to: 'environment', value: 'a' },
        'Remove the key "enviroment": "env" has the same value.',
      ],
    ]);
    const other = found(rule, { enviroment: 'b', env: 'a' });
    expect(other.map(({ tag, blocked }) => [tag, blocked])).toEqual([
      ['env', false],
      ['enviroment', true],
    ]);
  });
});
