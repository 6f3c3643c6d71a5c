import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, tokenOf, type ApiFixture } from '../testing/api-fixture.js';

describe('HTTP', () => {
  let api: ApiFixture;
  let healthy = true;
  beforeAll(async () => {
    api = await startApi({ healthy: () => healthy });
  });
  afterAll(() => api.close());
  beforeEach(() => {
    api.logLines.length = 0;
    healthy = true;
  });

  it('says whether it lives, is ready, and which version it is', async () => {
    const get = (url: string) => api.rest('GET', url, { token: null });
    expect((await get('/health/live')).json()).toEqual({ ok: true });
    expect((await get('/health/ready')).statusCode).toBe(200);
    expect((await get('/version')).json()).toEqual({ version: '9.9.9' });
    healthy = false;
    const down = await get('/health/ready');
    expect([down.statusCode, down.headers['retry-after']]).toEqual([503, '5']);
    expect(down.json()).toEqual({ ok: false, checks: { database: { ok: false, detail: 'no answer' } } });
    expect((await get('/health/live')).statusCode).toBe(200);
  });

  it('protects what browsers get', async () => {
    const reply = await api.rest('GET', '/api/v1/me');
    expect(reply.headers).toMatchObject({
      'content-security-policy':
        "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
    expect(reply.headers['x-powered-by']).toBeUndefined();
  });

  it('says nothing of HTTPS over HTTP', async () => {
    const plain = await startApi({ config: { publicUrl: 'http://127.0.0.1:3000', corsOrigins: [] } });
    const reply = await plain.rest('GET', '/api/v1/me', {
      headers: { origin: 'https://portal.example.test' },
    });
    expect(reply.headers['strict-transport-security']).toBeUndefined();
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    const page = await plain.rest('GET', '/api/docs/', { token: null });
    expect(page.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    await plain.close();
  });

  it.each([
    ['https://portal.example.test', 'https://portal.example.test'],
    ['https://evil.example.test', undefined],
    ['null', undefined],
  ])('lets the origin %s read: %s', async (origin, allowed) => {
    for (const url of ['/graphql', '/api/v1/targets']) {
      const headers = { origin, 'access-control-request-method': 'POST' };
      const preflight = await api.rest('OPTIONS', url, { token: null, headers });
      expect(preflight.headers['access-control-allow-origin']).toBe(allowed);
      expect(preflight.headers['access-control-allow-credentials']).toBeUndefined();
    }
    const reply = await api.rest('GET', '/api/v1/me', { headers: { origin } });
    expect(reply.headers['access-control-allow-origin']).toBe(allowed);
  });

  it('takes the request id of a caller when it is sane', async () => {
    const asked = async (id: string) =>
      (await api.rest('GET', '/version', { token: null, headers: { 'x-request-id': id } })).headers[
        'x-request-id'
      ];
    expect(await asked('trace-1234.abc')).toBe('trace-1234.abc');
    expect(await asked('x')).not.toBe('x');
    expect(await asked('{"a": "b"} injected')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await asked('x'.repeat(500))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('logs one line a request, without query, token or body', async () => {
    await api.rest('POST', '/api/v1/credentials?note=canary-query', {
      body: { name: 'x', kind: 'BASIC', secret: { password: 'canary-body' } },
    });
    await api.rest('GET', `/nothing?token=canary-query`, { token: tokenOf('ADMIN') });
    await api.graphql('query Canary { me { subject } }', { note: 'canary-body' });
    const log = api.logLines.join('');
    expect(log).not.toMatch(/canary-query|canary-body|Bearer|authorization/i);
    const lines = api.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const requests = lines.filter(({ msg }) => msg === 'request');
    expect(requests).toMatchObject([
      { method: 'POST', path: '/api/v1/credentials', status: 400, subject: 'token:twd_ADMIN' },
      { method: 'GET', path: '/nothing', status: 404, subject: null },
      { method: 'POST', path: '/graphql', status: 200, operation: 'Canary' },
    ]);
  });

  it('ignores forwarded addresses of proxies that nobody named', async () => {
    const headers = {
      'x-forwarded-host': 'evil.example.test',
      'x-forwarded-proto': 'https',
      host: 'evil.example.test',
    };
    const report = await api.rest('GET', '/api/v1/reports/rep1', { headers });
    expect(report.body).toContain('https://tags.example.test/api/v1/reports/rep1/files/html');
    expect(report.body).not.toContain('evil');
  });

  it('shows a way in at the root', async () => {
    const page = await api.rest('GET', '/', { token: null });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    );
    for (const link of ['/graphql', '/api/docs', '/health/ready'])
      expect(page.body).toContain(`href="${link}"`);
  });

  it('answers broken HTTP and stays up', async () => {
    await api.app.listen(0, '127.0.0.1');
    const { port } = api.app.getHttpServer().address() as AddressInfo;
    const raw = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nBad Header\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.on('close', () => resolve(text)).on('error', reject);
    });
    expect(raw).toMatch(/^HTTP\/1\.1 400 /);
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
  });

  it('bounds what slow clients can hold', () => {
    const server = api.app.getHttpServer();
    expect(server.headersTimeout).toBe(10_000);
    expect(server.requestTimeout).toBe(30_000);
    expect(server.maxConnections).toBe(2_000);
    expect(server.timeout).toBe(150_000);
  });
});
