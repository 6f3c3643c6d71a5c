import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORT_HTML, REPORT_XLSX, startApi, tokenOf, type ApiFixture } from '../testing/api-fixture.js';

const url = '/api/v1/reports/rep1/files/html';
const etag = `"${createHash('sha256').update(REPORT_HTML).digest('hex')}"`;

describe('report files', () => {
  let api: ApiFixture;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());
  const get = (headers: Record<string, string> = {}) =>
    api.rest('GET', url, { headers, token: tokenOf('READ') });

  it('are downloads that run nothing', async () => {
    const reply = await get();
    expect([reply.statusCode, reply.body]).toEqual([200, REPORT_HTML]);
    expect(reply.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': 'attachment; filename="tagward-hygiene-2026-W10.html"',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=31536000, immutable',
      'accept-ranges': 'bytes',
      'content-length': String(REPORT_HTML.length),
      etag,
    });
  });

  it('have their hash as ETag', async () => {
    const known = await get({ 'if-none-match': etag });
    expect([known.statusCode, known.body]).toEqual([304, '']);
    expect((await get({ 'if-none-match': '"other"' })).statusCode).toBe(200);
  });

  it('come in ranges', async () => {
    const part = await get({ range: 'bytes=2-8' });
    expect([part.statusCode, part.body]).toEqual([206, REPORT_HTML.slice(2, 9)]);
    expect(part.headers['content-range']).toBe(`bytes 2-8/${REPORT_HTML.length}`);
    expect((await get({ range: 'bytes=-3' })).body).toBe(REPORT_HTML.slice(-3));
    const beyond = await get({ range: 'bytes=9999-' });
    expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([
      416,
      `bytes */${REPORT_HTML.length}`,
    ]);
    expect(beyond.headers['content-type']).toContain('application/problem+json');
    expect((await get({ range: 'bytes=2-8', 'if-range': etag })).statusCode).toBe(206);
    expect((await get({ range: 'bytes=2-8', 'if-range': '"other"' })).statusCode).toBe(200);
  });

  it('come byte by byte as they are when they are no text, and in parts', async () => {
    const xlsx = (headers: Record<string, string> = {}) =>
      api.rest('GET', url.replace('html', 'xlsx'), { headers });
    const whole = await xlsx();
    expect(whole.rawPayload.equals(REPORT_XLSX)).toBe(true);
    expect(whole.headers).toMatchObject({
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'content-disposition': 'attachment; filename="tagward-hygiene-2026-W10.xlsx"',
      'content-length': '4',
    });
    expect(whole.headers['content-encoding']).toBeUndefined();
    const part = await xlsx({ range: 'bytes=2-3' });
    expect([part.statusCode, part.headers['content-range'], [...part.rawPayload]]).toEqual([
      206,
      'bytes 2-3/4',
      [0xff, 0x00],
    ]);
  });

  it('answer HEAD without a body', async () => {
    const reply = await api.rest('HEAD', url);
    expect([reply.statusCode, reply.body, reply.headers['etag']]).toEqual([200, '', etag]);
  });

  it('are for those who may read the report', async () => {
    expect((await api.rest('GET', url, { token: null })).statusCode).toBe(401);
    expect((await api.rest('GET', url, { token: tokenOf('none') })).statusCode).toBe(403);
    expect((await api.rest('GET', url, { token: tokenOf('t1') })).statusCode).toBe(404);
  });

  it.each([
    'rep1/files/pdf',
    'rep1/files/HTML',
    'rep1/files/exe',
    'rep2/files/html',
    'rep1/files/..%2f..%2fetc%2fpasswd',
    '..%2frep1/files/html',
  ])('are not found as %s', async (path) => {
    const reply = await api.rest('GET', `/api/v1/reports/${path}`);
    expect(reply.statusCode).toBe(404);
    expect(reply.headers['cache-control']).toBe('no-store');
  });
});
