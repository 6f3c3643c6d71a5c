import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type ApiFixture } from '../testing/api-fixture.js';
import { defaultQuery } from './default-query.js';

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the explorer', () => {
  let api: ApiFixture;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it('is a page with no inline script and nothing from elsewhere', async () => {
    const page = await api.rest('GET', '/graphql', { token: null, headers: browser });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    expect(page.headers['content-security-policy']).not.toMatch(/https?:/);
    expect(page.body.match(/<script\b[^>]*>/g)).toEqual([
      expect.stringMatching(/^<script defer src="\/graphql\/explorer\.js\?v=[0-9a-f]{16}">$/),
    ]);
    expect(page.body).not.toMatch(/(?:src|href)=["'](?:https?:)?\/\//i);
    expect(page.body).not.toMatch(/url\(\s*["']?(?:https?:)?\/\//i);
  });

  it('has its script here, compressed and cached by its hash', async () => {
    const zipped = await api.rest('GET', '/graphql/explorer.js', {
      token: null,
      headers: { 'accept-encoding': 'gzip, br' },
    });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.rawPayload.length).toBeLessThan(4_000_000);
    const script = gunzipSync(zipped.rawPayload).toString();
    expect(script).toContain('renderYogaGraphiQL(');
    expect(script).toContain(JSON.stringify(defaultQuery));
    expect(script).toContain('connectionParams:y?.headers');
    const known = await api.rest('GET', '/graphql/explorer.js', {
      token: null,
      headers: { 'if-none-match': String(zipped.headers['etag']) },
    });
    expect(known.statusCode).toBe(304);
    const plain = await api.rest('GET', '/graphql/explorer.js', {
      token: null,
      headers: { 'accept-encoding': 'br' },
    });
    expect(plain.body).toBe(script);
  });

  it('starts with a query that the schema knows', async () => {
    const reply = await api.graphql(defaultQuery);
    expect(reply.errors).toEqual([]);
    expect(reply.data.findings.edges).toHaveLength(20);
  });
});
