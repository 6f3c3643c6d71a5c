import { describe, expect, it } from 'vitest';
import { parseChallenges } from './challenge.js';
import { readRealm } from './realm-rule.js';

const may = (registry: string, realm: string): boolean => 'realm' in readRealm(realm, new URL(registry));

describe('the rule of token services', () => {
  it.each([
    ['https://registry.example.com', 'https://registry.example.com/token'],
    ['https://registry.example.com:5000', 'https://registry.example.com:5000/token'],
    ['http://10.0.0.5:5000', 'http://10.0.0.5:5000/token'],
    ['https://registry-1.docker.io', 'https://auth.docker.io/token'],
    ['https://registry.gitlab.com', 'https://gitlab.com/jwt/auth'],
    ['https://registry.example.com', 'https://gitlab.example.com/jwt/auth'],
    ['https://registry.example.com', 'https://example.com/jwt/auth'],
    ['https://registry.shop.example.co.uk', 'https://auth.shop.example.co.uk/token'],
  ])('%s may send to %s', (registry, realm) => expect(may(registry, realm)).toBe(true));

  it.each([
    ['H5', 'http://10.0.0.5:5000', 'http://10.0.0.5:5001/token'],
    ['H5', 'http://10.0.0.5:5000', 'http://10.0.0.6:5000/token'],
    ['H6', 'https://registry.example.com', 'https://evil.tld/token'],
    ['H6', 'https://registry.example.com', 'https://registry.example.com.evil.tld/token'],
    ['H6', 'https://registry.example.com', 'https://a.b.example.com/token'],
    ['H6', 'https://example.com', 'https://evil.com/token'],
    ['H6', 'https://acme.jfrog.io', 'https://evil.jfrog.io/token'],
    ['H6', 'https://acme.azurecr.io', 'https://evil.azurecr.io/token'],
    ['H6', 'https://1.dkr.ecr.eu-west-1.amazonaws.com', 'https://2.dkr.ecr.eu-west-1.amazonaws.com/'],
    ['H6', 'https://registry.co.uk', 'https://evil.co.uk/token'],
    ['H6', 'https://registry.example.com', 'https://registry.example.com:8443/token'],
    ['H7', 'https://registry.example.com', 'http://registry.example.com/token'],
    ['H7', 'https://registry.example.com', 'https://user:pass@registry.example.com/token'],
    ['H7', 'https://registry.example.com', 'file:///etc/passwd'],
    ['H7', 'https://registry.example.com', 'token'],
    ['H7', 'https://registry.example.com', '//registry.example.com/token'],
  ])('%s: %s may not send to %s', (_id, registry, realm) => expect(may(registry, realm)).toBe(false));
});

describe('challenges', () => {
  it('are read as registries write them', () => {
    const [bearer] =
      parseChallenges(['Bearer realm="https://a/b",service="x, y",scope="repository:a:pull,push"']) ?? [];
    expect([bearer?.scheme, bearer?.params.get('service'), bearer?.params.get('scope')]).toEqual([
      'bearer',
      'x, y',
      'repository:a:pull,push',
    ]);
    expect(parseChallenges(['BASIC realm=plain'])?.[0]?.params.get('realm')).toBe('plain');
    expect(parseChallenges(['Negotiate, Basic realm="a \\"b\\""'])?.map(({ scheme }) => scheme)).toEqual([
      'negotiate',
      'basic',
    ]);
  });

  it('that are none are told from none', () => {
    expect(parseChallenges([])).toEqual([]);
    for (const header of [
      '"',
      'Bearer realm="x',
      'Bearer realm="a"b="c"',
      `Bearer realm="${'x'.repeat(9_000)}"`,
    ])
      expect(parseChallenges([header]), header.slice(0, 30)).toBeNull();
  });

  it('take no time, however they are built', () => {
    const began = performance.now();
    parseChallenges([
      `Bearer ${'a=b,'.repeat(2_000)}`,
      `Bearer a="${'\\"'.repeat(4_000)}`,
      ' ,'.repeat(4_000),
    ]);
    expect(performance.now() - began).toBeLessThan(200);
  });
});
