import { XMLValidator } from 'fast-xml-parser';
import type { Log } from 'sarif';
import { afterEach, describe, expect, it } from 'vitest';
import { startApi, tokenOf, type ApiFixture } from '../testing/api-fixture.js';
import { MovingScan } from '../testing/moving-scan.js';
import { sampleFinding } from '../testing/sample-records.js';

describe('the findings of a scan, for CI', () => {
  let api: ApiFixture;
  let scan: MovingScan;
  async function start(...[options]: Parameters<typeof startApi>) {
    scan = new MovingScan();
    api = await startApi({ handlers: scan.handlers, ...options });
    scan.finish(api);
  }
  afterEach(() => api.close());
  const get = (query = '', headers: Record<string, string> = {}, token = tokenOf('READ')) =>
    api.rest('GET', `/api/v1/scans/s1/findings${query}`, { headers, token });

  it.each([
    ['', {}, 'application/sarif+json'],
    ['', { accept: '*/*' }, 'application/sarif+json'],
    ['', { accept: 'application/junit+xml' }, 'application/junit+xml'],
    ['?format=sarif', { accept: 'application/junit+xml' }, 'application/sarif+json'],
    ['?format=junit', { accept: 'text/html' }, 'application/junit+xml'],
  ])('answers %s with %o as %s', async (query, headers, type) => {
    await start();
    const reply = await get(query, headers);
    expect([reply.statusCode, reply.headers['content-type']]).toEqual([200, `${type}; charset=utf-8`]);
    expect(reply.headers['content-disposition']).toMatch(
      /^attachment; filename="tagward-scan-s1\.(sarif|junit\.xml)"$/,
    );
  });

  it('holds all findings of the scan, however many, and its rules', async () => {
    await start();
    const { runs } = (await get()).json<Log>();
    expect(runs[0]?.results).toHaveLength(450);
    expect(runs[0]?.tool.driver).toMatchObject({ version: '9.9.9' });
    expect(runs[0]?.tool.driver.rules?.map(({ id }) => id)).toEqual(['labels/spelling', 'labels/old']);
    expect(api.seen.inputs.find((input) => 'scanId' in input)).toMatchObject({
      scanId: 's1',
      targetIds: ['t1'],
      states: ['OPEN'],
    });
    const xml = (await get('?format=junit&failOn=CRITICAL')).body;
    expect(XMLValidator.validate(xml)).toBe(true);
    expect([xml.match(/<failure/g), xml.match(/<system-out/g)?.length]).toEqual([null, 900]);
    expect((await get('?format=junit&failOn=high')).body.match(/<failure/g)).toHaveLength(900);
  });

  it.each([
    ['?format=xml', /format/],
    ['?failOn=terrible', /failOn: expected one of INFO, LOW, MEDIUM, HIGH, CRITICAL/],
    ['?first=3', /first/],
    ['?format=junit&format=sarif', /format/],
  ])('refuses %s', async (query, message) => {
    await start();
    const reply = await get(query);
    expect([reply.statusCode, reply.json<{ detail: string }>().detail]).toEqual([
      400,
      expect.stringMatching(message),
    ]);
  });

  it('is refused to whom the scan is not for, or wants another format', async () => {
    await start();
    expect((await get('', {}, tokenOf('none'))).statusCode).toBe(403);
    expect((await get('', { accept: 'text/html' })).statusCode).toBe(406);
    expect((await api.rest('GET', '/api/v1/scans/s9/findings')).statusCode).toBe(404);
    expect((await api.rest('POST', '/api/v1/scans/s1/findings', { body: {} })).statusCode).toBe(405);
    const head = await api.rest('HEAD', '/api/v1/scans/s1/findings?format=junit');
    expect([head.statusCode, head.headers['content-type'], head.body]).toEqual([
      200,
      'application/junit+xml; charset=utf-8',
      '',
    ]);
  });

  it('is 409 with a time to wait while the scan runs', async () => {
    await start();
    scan.move(api, { status: 'RUNNING' });
    const reply = await get();
    expect([reply.statusCode, reply.headers['retry-after']]).toEqual([409, '2']);
    expect(reply.json()).toMatchObject({ code: 'CONFLICT', reason: 'SCAN_RUNNING' });
  });

  it('is cut off by a later fault, never ended as if it were whole', async () => {
    let pages = 0;
    const row = (index: number) => ({
      ...sampleFinding(`p${pages}-${index}`, 't1'),
      message: 'x'.repeat(1_000),
    });
    await start({
      handlers: {
        ...new MovingScan().handlers,
        scan: async () => ({ ...(scan.record as NonNullable<typeof scan.record>), status: 'SUCCEEDED' }),
        findings: async () => {
          pages += 1;
          if (pages > 2) throw new Error('the database went away: the-inner-secret');
          const edges = Array.from({ length: 200 }, (_, index) => ({ cursor: `${pages}`, node: row(index) }));
          return { edges, hasNextPage: true, totalCount: async () => Infinity };
        },
      },
    });
    const url = await api.listen();
    const reply = await fetch(`${url}/api/v1/scans/s1/findings`, {
      headers: { authorization: `Bearer ${tokenOf('READ')}` },
    });
    await expect(reply.text()).rejects.toThrow();
    expect([reply.status, pages]).toEqual([200, 3]);
    expect(api.logLines.filter((line) => line.includes('the-inner-secret'))).toHaveLength(1);
  });
});
