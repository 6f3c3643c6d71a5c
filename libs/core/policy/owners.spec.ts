import { describe, expect, it } from 'vitest';
import { compileOwners } from './owners.js';
import { parseRulePack } from './parse-rule-pack.js';

function pack(owners: string) {
  return parseRulePack(`pack: teams\nreport:\n  ownerTag: owner\n  owners:\n${owners}rules: []\n`);
}

function ownersOf(owners: string) {
  const parsed = pack(owners);
  expect(parsed.diagnostics).toEqual([]);
  return parsed.pack?.owners ?? [];
}

describe('the owners map of a pack', () => {
  it('gives a repository to the first team that names it', () => {
    const owners = ownersOf(
      [
        '    - { repositories: [acme/payments/secret], team: security }',
        "    - { repositories: ['acme/payments/**', { re2: 'acme/pay-.*' }], team: payments }",
        "    - { repositories: ['acme/*'], team: platform }",
        '',
      ].join('\n'),
    );
    const ownerOf = compileOwners(owners, 'git');
    expect(
      ['acme/payments/secret', 'acme/payments/api', 'acme/pay-out', 'acme/tools', 'acme/a/b', 'other'].map(
        (repository) => ownerOf?.(repository),
      ),
    ).toEqual(['security', 'payments', 'payments', 'platform', null, null]);
  });

  it('may speak of some targets alone, and of a target as a whole', () => {
    const owners = ownersOf(
      [
        "    - { repositories: ['api'], targets: [staging], team: testers }",
        '    - { targets: [{ prefix: build- }], team: ci }',
        '',
      ].join('\n'),
    );
    expect(compileOwners(owners, 'staging')?.('api')).toBe('testers');
    expect(compileOwners(owners, 'staging')?.('web')).toBeNull();
    expect(compileOwners(owners, 'build-7')?.('sha256:0')).toBe('ci');
    expect(compileOwners(owners, 'production')).toBeNull();
    expect(compileOwners([], 'production')).toBeNull();
  });

  it.each([
    ['- { team: payments }', 'repositories or targets', 5],
    ["- { repositories: ['a'] }", 'team', 5],
    ['- { repositories: [], team: x }', 'empty list', 5],
    ["- { repositories: ['a'], team: '' }", '', 5],
    ["- { repositories: ['a'], team: x, tema: y }", 'team', 5],
    ["- { repositories: ['[a'], team: x }", 'repositories', 5],
    ['- { repositories: [{ glob: a, exact: b }], team: x }', 'exactly one of', 5],
  ])('is refused at its place when it reads %s', (entry, said, line) => {
    const { pack: parsed, diagnostics } = pack(`    ${entry}\n`);
    expect(parsed).toBeNull();
    const critical = diagnostics.filter(({ severity }) => severity === 'critical');
    expect(critical[0]).toMatchObject({ line });
    expect(`${critical[0]?.path} ${critical[0]?.message}`).toContain(said);
    expect(critical[0]?.path).toMatch(/^report\.owners\.0/);
  });

  it('counts towards the size of a pack, written as text or as a matcher', () => {
    const glob = 'a'.repeat(900);
    const entries = Array.from(
      { length: 20 },
      (_, n) => `    - { repositories: ['${glob}${n}*'], team: t }\n`,
    );
    const { pack: parsed, diagnostics } = pack(entries.join(''));
    expect(parsed).toBeNull();
    expect(diagnostics[0]?.message).toContain('too large together');
  });
});
