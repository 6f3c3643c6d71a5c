import { startIdentityProvider, testDatabase, type IdentityProvider, type TestDatabase } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlace, type Place } from './testing/places.js';
import { startRealApi, type RealApi } from './testing/real-api.js';
import { subscribe } from './testing/subscribe.js';

describe('an API that takes the tokens of an identity provider', () => {
  let provider: IdentityProvider;
  let server: TestDatabase;
  let api: RealApi;
  let place: Place;
  beforeAll(async () => {
    provider = await startIdentityProvider();
    server = await testDatabase();
    const first = await startRealApi(server.url);
    place = await makePlace(first.backends, 'shop');
    await makePlace(first.backends, 'other');
    await first.stop();
    api = await startRealApi(server.url, {
      TAGWARD_OIDC_ISSUER: provider.issuer,
      TAGWARD_OIDC_AUDIENCE: 'tagward',
      TAGWARD_OIDC_CLAIM_MAP: JSON.stringify([
        { when: { 'realm_access.roles': 'tagward-admin' }, scopes: ['ADMIN'] },
        { when: { repository: 'acme/shop' }, scopes: ['SCAN'], targets: [place.ids['targets']] },
        { when: { scope: 'tags:read' }, scopes: ['READ'] },
      ]),
    });
  });
  afterAll(async () => {
    await api.stop();
    await server.drop();
    await provider.stop();
  });

  const admin = () => provider.token({ sub: 'alice', realm_access: { roles: ['tagward-admin'] } });

  it('says through both faces who asks, and lets them do what their claims are granted', async () => {
    const token = await admin();
    const me = { subject: 'oidc:alice', source: 'OIDC', scopes: ['ADMIN'] };
    expect((await api.rest('GET', '/me', { token })).body).toEqual({ ...me, targetIds: null });
    expect((await api.graphql('{ me { subject source scopes } }', token)).body.data.me).toEqual(me);

    const reader = await provider.token({ sub: 'bob', scope: 'openid tags:read' });
    expect((await api.rest('GET', '/targets', { token: reader })).status).toBe(200);
    expect((await api.rest('GET', '/credentials', { token: reader })).status).toBe(403);
  });

  it('names the subject in the audit log', async () => {
    const token = await admin();
    const target = { name: 'made by alice', ec2: { regions: ['eu-west-1'] } };
    expect((await api.rest('POST', '/targets', { token, body: target })).status).toBe(201);
    const { items } = (await api.rest('GET', '/audit-events?first=1', { token })).body;
    expect(items[0]).toMatchObject({ action: 'target.create', actor: 'oidc:alice' });
  });

  it('narrows a token to the targets of its rule', async () => {
    const token = await provider.token({
      sub: 'repo:acme/shop:ref:refs/heads/main',
      repository: 'acme/shop',
    });
    const { items } = (await api.rest('GET', '/targets', { token })).body;
    expect(items.map(({ name }: { name: string }) => name)).toEqual(['shop']);
  });

  it('Q12: refuses what is not good enough with the same 401 or 403 through both faces', async () => {
    for (const [token, status, reason] of [
      [await provider.token({ aud: 'other' }), 401, 'TOKEN_UNKNOWN'],
      [await provider.token({ exp: 1 }), 401, 'TOKEN_EXPIRED'],
      [await provider.token({ groups: ['nobody'] }), 403, 'SCOPE_MISSING'],
    ] as const) {
      const rest = await api.rest('GET', '/me', { token });
      const graphql = await api.graphql('{ me { subject } }', token);
      expect([rest.status, rest.body.reason], reason).toEqual([status, reason]);
      expect([graphql.status, graphql.body.errors[0].extensions.reason]).toEqual([status, reason]);
      const told = await subscribe(api.url, 'subscription { scanProgress(id: "x") { id } }', token);
      expect(told.code).toBe(status === 401 ? 'UNAUTHENTICATED' : 'closed 4403');
    }
  });

  it('Q12: takes no token out of the address, nor another scheme than Bearer', async () => {
    const token = await admin();
    expect((await api.rest('GET', `/me?access_token=${token}`, { token: null })).status).toBe(401);
    for (const authorization of [
      `Basic ${token}`,
      `DPoP ${token}`,
      token,
      `Bearer ${token}, Bearer ${token}`,
    ])
      expect((await api.rest('GET', '/me', { token: null, headers: { authorization } })).status).toBe(401);
  });

  it('writes no token into its log', async () => {
    const token = await admin();
    await api.rest('GET', '/me', { token });
    await api.rest('GET', `/me?token=${token}`, { token: `${token}x` });
    expect(api.logLines.join()).not.toContain(token.split('.')[2]);
  });

  it('Q11, Q12: ends open streams when the token expires', async () => {
    // Clocks may differ by half a minute.
    const exp = Math.floor(Date.now() / 1_000) - 28;
    const token = await provider.token({ repository: 'acme/shop', exp });
    const { database } = api.backends;
    const { scan } = await database.stores.scans.enqueue({
      ...{ targetId: place.ids['targets'] ?? '', trigger: 'MANUAL', rulePacks: null, scopes: null },
    });
    const events = await api.rest('GET', `/scans/${scan.id}/events`, { token });
    expect(events.body).toContain('event: progress');
    expect(events.body).toContain('TOKEN_EXPIRED');
  });
});
