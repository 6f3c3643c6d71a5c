import { describe, expect, it } from 'vitest';
import { CONTEXT, judge, labelled, packOf, policyOf } from '../../testing/policy-builders.js';
import type { DetectedFinding } from '../model/finding.js';
import { compilePolicy } from './compile-policy.js';

const brief = (findings: readonly DetectedFinding[]) =>
  findings.map(({ ruleId, tag, blocked }) => `${ruleId} ${tag ?? ''}${blocked ? ' blocked' : ''}`);
const rename = { rename: { onConflict: 'report' } };
const spelling = {
  id: 'environment-key',
  kind: 'key-spelling',
  canonical: 'environment',
  variants: ['enviroment'],
  fix: rename,
};

describe('a policy', () => {
  it('makes whole findings', () => {
    const pack = packOf({ pack: 'p', rules: [{ ...spelling, severity: 'low' }] });
    expect(judge(pack, { enviroment: 'prod' }, { managedBy: 'auto-scaling group web' })).toEqual([
      {
        rulePack: 'p',
        ruleId: 'environment-key',
        severity: 'low',
        scope: '1/eu-west-1',
        resource: 'i-1',
        resourceType: 'instance',
        tag: 'enviroment',
        value: 'prod',
        discriminator: '',
        message: 'The key "enviroment" should be spelled "environment".',
        suggestion: 'Rename the key "enviroment" to "environment".',
        changes: [{ change: 'rename', from: 'enviroment', to: 'environment', value: 'prod' }],
        fixable: true,
        blocked: false,
        fixAtSource: 'auto-scaling group web',
        evidence: { canonical: 'environment', how: 'listed' },
      },
    ]);
  });

  it('names every rule it runs, and its own', () => {
    expect(policyOf(packOf({ pack: 'p', rules: [spelling] })).rules).toEqual([
      { rulePack: 'p', ruleId: 'environment-key' },
      { rulePack: 'tagward', ruleId: 'rule-conflict' },
    ]);
  });

  it('refuses one pack in two versions', () => {
    const pack = packOf({ pack: 'p', rules: [] });
    const twice = [1, 2].map((version) => ({ name: 'p', version, pack }));
    expect(() => compilePolicy(twice, [pack])).toThrow(
      expect.objectContaining({ code: 'RULE_PACK_INVALID' }),
    );
  });

  it('judges labels on platforms of labels alone', () => {
    const policy = policyOf(packOf({ pack: 'p', rules: [spelling] }));
    const found = policy.evaluate([labelled('r', { enviroment: 'x' })], { ...CONTEXT, platform: 'git' });
    expect(found).toEqual({ findings: [], notEvaluated: [], unjudged: [] });
  });

  it.each([
    [{ platforms: ['ec2'] }, true],
    [{ platforms: ['git', 'docker'] }, false],
    [{ targets: ['prod'] }, true],
    [{ targets: [{ prefix: 'dev' }] }, false],
    [{ resources: [{ glob: 'i-*' }] }, true],
    [{ resources: [{ exact: 'i-2' }, { exact: 'i-1' }] }, true],
    [{ resources: [{ exact: 'i-2' }] }, false],
    [{ resourceTypes: ['volume', { prefix: 'inst' }] }, true],
    [{ resourceTypes: ['volume'] }, false],
    [{ tags: [{ prefix: 'env' }] }, true],
    [{ tags: [{ exact: 'team' }] }, false],
    [{ where: [{ tag: 'team', matches: { exact: 'web' } }] }, true],
    [{ where: [{ tag: 'aws:stack', matches: { prefix: 's' } }] }, true],
    [{ where: [{ tag: 'absent', matches: { glob: '**' } }] }, false],
    [
      {
        where: [
          { tag: 'team', matches: { exact: 'web' } },
          { tag: 'team', matches: { exact: 'x' } },
        ],
      },
      false,
    ],
  ])('selects by %j: %s', (on, expected) => {
    const pack = packOf({ pack: 'p', rules: [{ ...spelling, on }] });
    const found = judge(pack, { enviroment: 'a', team: 'web', 'aws:stack': 's1' });
    expect(found.length > 0).toBe(expected);
  });

  it('finds what is protected, and gives it no change', () => {
    const pack = packOf({
      pack: 'p',
      protect: [{ tags: [{ exact: 'old-a' }] }, { resources: [{ exact: 'i-9' }] }],
      rules: [{ id: 'r', kind: 'stale-key', keys: [{ prefix: 'old-' }], fix: 'remove' }],
    });
    const [blocked, free] = judge(pack, { 'old-a': '1', 'old-b': '2' });
    expect(blocked).toMatchObject({ tag: 'old-a', fixable: true, blocked: true, changes: [] });
    expect(blocked?.evidence).toMatchObject({
      blockedBy: [{ code: 'PROTECTED', references: ['p/protect/0'] }],
      proposed: [{ change: 'remove', key: 'old-a', value: '1' }],
    });
    expect(free).toMatchObject({
      tag: 'old-b',
      blocked: false,
      changes: [{ change: 'remove', key: 'old-b', value: '2' }],
    });
    const other = policyOf(pack).evaluate([labelled('i-9', { 'old-b': '' })], CONTEXT).findings;
    expect(brief(other)).toEqual(['r old-b blocked']);
  });

  it('protects by every stored pack, whichever run, and never writes a protected key', () => {
    const rules = packOf({
      pack: 'p',
      rules: [{ ...spelling, canonical: 'kubernetes.io/env', variants: ['env'] }],
    });
    expect(brief(judge(rules, { env: 'a' }))).toEqual(['environment-key env blocked']);
    const plain = packOf({ pack: 'p', rules: [spelling] });
    const guard = packOf({ pack: 'guard', protect: [{ tags: [{ exact: 'environment' }] }], rules: [] });
    const policy = compilePolicy([{ name: 'p', version: 1, pack: plain }], [plain, guard]);
    const { findings } = policy.evaluate([labelled('i-1', { enviroment: 'a' })], CONTEXT);
    expect(brief(findings)).toEqual(['environment-key enviroment blocked']);
  });

  it('lifts a built-in protection by unprotect, a protector of a pack never', () => {
    const rules = [{ id: 'r', kind: 'empty-value', fix: 'remove' }];
    const tags = { 'Patch Group': '', 'kubernetes.io/cluster/main': '' };
    expect(brief(judge(packOf({ pack: 'p', rules }), tags))).toEqual([
      'r Patch Group blocked',
      'r kubernetes.io/cluster/main blocked',
    ]);
    const unprotect = [{ tags: [{ exact: 'Patch Group' }, { prefix: 'kubernetes.io/' }] }];
    const protect = [{ tags: [{ prefix: 'kubernetes.io/' }] }];
    expect(brief(judge(packOf({ pack: 'p', rules, unprotect, protect }), tags))).toEqual([
      'r Patch Group',
      'r kubernetes.io/cluster/main blocked',
    ]);
  });

  it('reports rules that want different things, and makes neither change', () => {
    const pack = packOf({
      pack: 'p',
      rules: [spelling, { id: 'empty', kind: 'empty-value', fix: 'remove' }],
    });
    const findings = judge(pack, { enviroment: '', other: '' });
    expect(brief(findings)).toEqual([
      'empty enviroment blocked',
      'empty other',
      'environment-key enviroment blocked',
      'rule-conflict enviroment',
    ]);
    expect(findings.at(-1)).toMatchObject({
      rulePack: 'tagward',
      fixable: false,
      message: expect.stringContaining('p/empty and p/environment-key'),
    });
    expect(findings[0]?.evidence).toMatchObject({ blockedBy: [{ code: 'RULE_CONFLICT' }] });
  });

  it('does not set one fix of a conflict free when the other turns out to be protected', () => {
    const rules = [
      spelling,
      { id: 'stale', kind: 'stale-key', keys: [{ exact: 'enviroment' }], fix: 'remove' },
    ];
    const protect = [{ tags: [{ exact: 'environment' }] }];
    const expected = [
      'environment-key enviroment blocked',
      'stale enviroment blocked',
      'rule-conflict enviroment',
    ];
    expect(brief(judge(packOf({ pack: 'p', rules }), { enviroment: 'a' }))).toEqual(expected);
    expect(brief(judge(packOf({ pack: 'p', rules, protect }), { enviroment: 'a' }))).toEqual(expected);
  });

  it('makes no rename that relies on another one that is blocked', () => {
    const keep = {
      ...spelling,
      variants: ['enviroment', 'env'],
      fix: { rename: { onConflict: 'keep-canonical' } },
    };
    const tags = { enviroment: 'a', env: 'b' };
    expect(brief(judge(packOf({ pack: 'p', rules: [keep] }), tags))).toEqual([
      'environment-key env',
      'environment-key enviroment',
    ]);
    const protect = [{ tags: [{ exact: 'enviroment' }] }];
    expect(brief(judge(packOf({ pack: 'p', rules: [keep], protect }), tags))).toEqual([
      'environment-key env blocked',
      'environment-key enviroment blocked',
    ]);
  });

  it('lets a default value give way to a fix that brings the key', () => {
    const required = {
      id: 'required',
      kind: 'required-key',
      keys: ['environment'],
      fix: { set: { environment: 'test' } },
    };
    const pack = packOf({ pack: 'p', rules: [spelling, required] });
    expect(brief(judge(pack, { enviroment: 'prod' }))).toEqual([
      'environment-key enviroment',
      'required environment blocked',
    ]);
    expect(brief(judge(pack, {}))).toEqual(['required environment']);
  });

  it('never takes a protected key, a known key or a short key for a near miss', () => {
    const near = { id: 'n', kind: 'key-spelling', canonical: 'owner', fuzzy: 1 };
    const pack = packOf({
      pack: 'p',
      vocabulary: { keys: ['owned'] },
      protect: [{ tags: [{ exact: 'ownerr' }] }],
      rules: [near, { ...near, id: 'm', canonical: 'owners' }],
    });
    expect(brief(judge(pack, { ownr: '', owned: '', ownerr: '', owners: '', own: '', ower: '' }))).toEqual([
      'n ower',
      'n ownr',
    ]);
  });
});
