import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORT_HTML, startApi, tokenOf, type ApiFixture } from '../testing/api-fixture.js';
import { LINKS_BEGIN } from '../testing/memory-handlers.js';

describe('signed links to report files', () => {
  let now = LINKS_BEGIN;
  let api: ApiFixture;
  beforeAll(async () => {
    api = await startApi({ now: () => now });
  });
  afterAll(() => api.close());

  /** Path and query of a link that was asked for over REST. */
  async function link(format = 'html', body: object = {}): Promise<{ path: string; expiresAt: string }> {
    const reply = await api.rest('POST', `/api/v1/reports/rep1/files/${format}/link`, {
      token: tokenOf('READ'),
      body,
    });
    expect(reply.statusCode, reply.body).toBe(200);
    const { url, expiresAt } = reply.json<{ url: string; expiresAt: string }>();
    expect(url).toMatch(/^https:\/\/tags\.example\.test\/api\/v1\/reports\/rep1\/files\//);
    return { path: url.replace('https://tags.example.test', ''), expiresAt };
  }
  const open = (url: string, method: 'GET' | 'HEAD' = 'GET') => api.rest(method, url, { token: null });

  it('give the file without a token, and let nobody keep it', async () => {
    const { path, expiresAt } = await link();
    expect(expiresAt).toBe(new Date(LINKS_BEGIN.getTime() + 900_000).toISOString());
    const reply = await open(path);
    expect([reply.statusCode, reply.body]).toEqual([200, REPORT_HTML]);
    expect(reply.headers).toMatchObject({
      'cache-control': 'private, no-store',
      'content-disposition': 'attachment; filename="tagward-hygiene-2026-W10.html"',
      'content-security-policy': expect.stringContaining('sandbox'),
      'referrer-policy': 'no-referrer',
    });
    expect((await open(path, 'HEAD')).statusCode).toBe(200);
  });

  it('are asked for over GraphQL, too', async () => {
    const { data } = await api.graphql(
      'mutation { signReportFile(id: "rep1", format: XLSX, expiresInSeconds: 60) { url expiresAt } }',
      undefined,
      tokenOf('READ'),
    );
    expect(data.signReportFile.expiresAt).toBe(new Date(LINKS_BEGIN.getTime() + 60_000).toISOString());
    const path = String(data.signReportFile.url).replace('https://tags.example.test', '');
    expect((await open(path)).statusCode).toBe(200);
  });

  it('are void once their time is over, to the second', async () => {
    const { path } = await link('html', { expiresInSeconds: 10 });
    now = new Date(LINKS_BEGIN.getTime() + 9_999);
    expect((await open(path)).statusCode).toBe(200);
    now = new Date(LINKS_BEGIN.getTime() + 10_000);
    const late = await open(path);
    expect([late.statusCode, late.json<{ reason: string }>().reason]).toEqual([401, 'LINK_EXPIRED']);
    now = LINKS_BEGIN;
  });

  it.each([
    [
      'another time',
      (path: string) => path.replace(/expires=(\d+)/, (_all, at) => `expires=${Number(at) + 1}`),
    ],
    ['the same time otherwise written', (path: string) => path.replace('expires=', 'expires=0')],
    ['another file', (path: string) => path.replace('/html', '/xlsx')],
    ['another spelling of the file', (path: string) => path.replace('/html', '/HTML')],
    ['a format that is none', (path: string) => path.replace('/html', '/exe')],
    ['another report', (path: string) => path.replace('rep1', 'rep2')],
    ['a letter of the signature', (path: string) => path.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['a signature cut short', (path: string) => path.slice(0, -1)],
    ['no signature', (path: string) => path.replace(/signature=.*/, 'signature=')],
    ['two signatures', (path: string) => `${path}&signature=x`],
    ['no time', (path: string) => path.replace(/expires=\d+&/, '')],
  ])('refuse %s alike, and tell nothing of what there is', async (_what, change) => {
    const { path } = await link();
    const changed = change(path);
    expect(changed).not.toBe(path);
    const reply = await open(changed);
    expect([reply.statusCode, reply.json<{ reason: string }>().reason]).toEqual([401, 'LINK_INVALID']);
    expect(reply.headers['cache-control']).toBe('no-store');
  });

  it('open nothing but that file', async () => {
    const { path } = await link();
    const query = path.slice(path.indexOf('?'));
    for (const url of ['/api/v1/reports/rep1', '/api/v1/reports', '/api/v1/me', '/api/v1/reports/rep1/files'])
      expect((await open(`${url}${query}`)).statusCode, url).toBe(401);
    expect((await api.rest('POST', path, { token: null })).statusCode).toBe(401);
  });

  it('are no way around a token that is sent and does not do', async () => {
    const { path } = await link();
    expect((await api.rest('GET', path, { token: 'twd_unknown' })).statusCode).toBe(401);
    expect((await api.rest('GET', path, { token: tokenOf('none') })).statusCode).toBe(403);
  });

  it('are made for those who may see the report, of files it has, for a day at most', async () => {
    const ask = (format: string, body: object, token = tokenOf('READ')) =>
      api.rest('POST', `/api/v1/reports/rep1/files/${format}/link`, { token, body });
    expect((await ask('html', {}, tokenOf('t1'))).statusCode).toBe(404);
    expect((await ask('exe', {})).statusCode).toBe(400);
    for (const expiresInSeconds of [0, -1, 86_401, 1.5])
      expect((await ask('html', { expiresInSeconds })).statusCode, String(expiresInSeconds)).toBe(400);
    expect((await ask('html', { expiresInSeconds: 86_400 })).statusCode).toBe(200);
  });

  it('are not in the log', async () => {
    const { path } = await link();
    await open(path);
    await open(path.slice(0, -1));
    const signature = /signature=([\w-]+)/.exec(path)?.[1] ?? 'none';
    expect(signature).toHaveLength(43);
    const log = api.logLines.join('');
    expect(log).toContain('/api/v1/reports/rep1/files/html');
    expect(log).not.toContain('signature');
    expect(log).not.toContain(signature.slice(0, -1));
  });
});
