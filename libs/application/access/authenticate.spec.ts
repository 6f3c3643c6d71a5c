import { HygieneError } from '#core';
import { describe, expect, it, vi } from 'vitest';
import type { ApiTokenRecord } from '../records/access.js';
import { apiTokenPrefix, hashApiToken, newApiToken } from './api-token.js';
import { Authenticate, type TrustedIdentity } from './authenticate.js';

const NOW = new Date('2026-05-01T12:00:00Z');
const BOOTSTRAP = 'twd_bootstrap-0123456789abcdefghijklmnopqrstuvwxyz';
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';
const clock = { now: () => NOW };

const record = (more: Partial<ApiTokenRecord> = {}): ApiTokenRecord => ({
  ...{ id: 'k1', name: 'ci', prefix: 'twd_abcdefgh', scopes: ['READ'], targetIds: ['t1'] },
  ...{ createdAt: NOW, expiresAt: null, lastUsedAt: null },
  ...more,
});
const storeOf = (found: ApiTokenRecord | null) => ({
  findByHash: vi.fn(async (_hash: string) => found),
  touch: vi.fn(async (_id: string, _at: Date) => {}),
});
const identity = (claims: Record<string, unknown> = { groups: 'platform' }): TrustedIdentity => ({
  verifier: {
    verify: async (token) => {
      if (token !== JWT) throw new HygieneError('TOKEN_UNKNOWN', 'refused');
      return { subject: 'alice', claims };
    },
  },
  claimRules: [{ when: { groups: 'platform' }, scopes: ['SCAN'], targetIds: ['t2'] }],
});
const codeOf = (viewer: Promise<unknown>) =>
  viewer.then(
    () => 'let in',
    (error: unknown) => (error as HygieneError).code,
  );

describe('Authenticate', () => {
  it('Q12: asks the store by the hash of a token, never by the token or a part of it', async () => {
    const store = storeOf(record());
    const token = newApiToken();
    const viewer = await new Authenticate(store, clock, BOOTSTRAP).execute(token);
    expect(viewer).toEqual({ subject: 'token:ci', source: 'TOKEN', scopes: ['READ'], targetIds: ['t1'] });
    expect(store.findByHash.mock.calls).toEqual([[hashApiToken(token)]]);
    expect(hashApiToken(token)).not.toContain(apiTokenPrefix(token));
  });

  it('knows the bootstrap token, and none that is nearly it', async () => {
    const authenticate = new Authenticate(storeOf(null), clock, BOOTSTRAP);
    expect(await authenticate.execute(BOOTSTRAP)).toMatchObject({ source: 'BOOTSTRAP', targetIds: null });
    for (const near of [`${BOOTSTRAP}x`, BOOTSTRAP.slice(0, -1), BOOTSTRAP.toUpperCase()])
      expect(await codeOf(authenticate.execute(near))).toBe('TOKEN_UNKNOWN');
    expect(await codeOf(new Authenticate(storeOf(null), clock, null).execute(BOOTSTRAP))).toBe(
      'TOKEN_UNKNOWN',
    );
  });

  it('refuses a token from the moment on in which it expires', async () => {
    const at = (expiresAt: Date) =>
      new Authenticate(storeOf(record({ expiresAt })), clock, null).execute('twd_x');
    expect(await codeOf(at(new Date(NOW.getTime() + 1)))).toBe('let in');
    expect(await codeOf(at(NOW))).toBe('TOKEN_EXPIRED');
  });

  it.each([
    [null, 1],
    [59_999, 0],
    [60_000, 1],
  ])('notes a use %s ms after the last one in %i writes', async (sinceLast, writes) => {
    const lastUsedAt = sinceLast === null ? null : new Date(NOW.getTime() - sinceLast);
    const store = storeOf(record({ lastUsedAt }));
    await new Authenticate(store, clock, null).execute('twd_x');
    expect(store.touch).toHaveBeenCalledTimes(writes);
  });

  it('gives the token of an identity provider what its claims are granted', async () => {
    const store = storeOf(record());
    const viewer = await new Authenticate(store, clock, BOOTSTRAP, identity()).execute(JWT);
    expect(viewer).toEqual({ subject: 'oidc:alice', source: 'OIDC', scopes: ['SCAN'], targetIds: ['t2'] });
    expect(store.findByHash).not.toHaveBeenCalled();
  });

  it('lets in no token of an identity provider whose claims are granted nothing', async () => {
    const authenticate = new Authenticate(storeOf(record()), clock, null, identity({ groups: 'guests' }));
    expect(await codeOf(authenticate.execute(JWT))).toBe('SCOPE_MISSING');
  });

  it('asks no identity provider about a token of our own, and the store about all when there is none', async () => {
    const store = storeOf(null);
    expect(await codeOf(new Authenticate(store, clock, null, identity()).execute('twd_x'))).toBe(
      'TOKEN_UNKNOWN',
    );
    expect(await codeOf(new Authenticate(store, clock, null).execute(JWT))).toBe('TOKEN_UNKNOWN');
    expect(store.findByHash).toHaveBeenCalledTimes(2);
  });
});
