import { rulePackJsonSchema } from '#core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type ApiFixture } from '../testing/api-fixture.js';

const url = '/api/v1/rule-packs/schema.json';

describe('the schema of rule packs', () => {
  let api: ApiFixture;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it('is there for editors, which send no token', async () => {
    const reply = await api.rest('GET', url, { token: null });

    expect([reply.statusCode, reply.json()]).toEqual([200, rulePackJsonSchema()]);
    expect(reply.headers).toMatchObject({
      'content-type': 'application/schema+json; charset=utf-8',
      'cache-control': 'public, max-age=3600',
    });
  });

  it('has its hash as ETag', async () => {
    const { headers } = await api.rest('GET', url, { token: null });
    const etag = String(headers['etag']);
    const known = await api.rest('GET', url, { token: null, headers: { 'if-none-match': etag } });

    expect([known.statusCode, known.body]).toEqual([304, '']);
  });

  it('opens nothing else', async () => {
    expect((await api.rest('POST', url, { token: null })).statusCode).toBe(401);
    expect((await api.rest('GET', '/api/v1/rule-packs/schema', { token: null })).statusCode).toBe(401);
    expect((await api.rest('GET', '/api/v1/rule-packs', { token: null })).statusCode).toBe(401);
  });
});
