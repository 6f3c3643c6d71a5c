import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { Operations, type OperationHandlers, type Viewer } from '#application';
import { HygieneError } from '#core';
import { afterEach, describe, expect, it } from 'vitest';
import { authenticate, startApi, tokenOf, type ApiFixture } from '../testing/api-fixture.js';
import { sampleFinding } from '../testing/sample-records.js';
import { openExport } from './export.js';
import { CSV_TYPE, NDJSON_TYPE } from './media-types.js';

const viewer: Viewer = { subject: 'token:x', source: 'TOKEN', scopes: ['READ'], targetIds: null };

/** A list that never ends, and how many of its pages were read. */
function endless(failAt = Infinity) {
  const read = { pages: 0 };
  const findings: OperationHandlers['findings'] = async (_viewer, { first }) => {
    read.pages += 1;
    if (read.pages >= failAt) throw new Error('the database went away: the-inner-secret');
    const edges = Array.from({ length: first }, (_, index) => ({
      cursor: String(read.pages),
      node: sampleFinding(`f${read.pages}-${index}`, 't1'),
    }));
    return { edges, hasNextPage: true, totalCount: async () => Infinity };
  };
  return { read, findings };
}

describe.each([NDJSON_TYPE, CSV_TYPE])('an export as %s', (type) => {
  let api: ApiFixture | undefined;
  afterEach(() => api?.close());

  const open = (findings: OperationHandlers['findings']) =>
    openExport(
      {
        operations: new Operations({ findings } as OperationHandlers),
        name: 'findings',
        viewer,
        input: {},
        present: async (rows) => rows.map((row) => ({ ...(row as object), message: 'x'.repeat(1_000) })),
        columns: ['id', 'message'],
      },
      type,
    );

  it('reads no faster than its reader, and stops with it', async () => {
    const { read, findings } = endless();
    const stream = await open(findings);
    stream.read();
    for (let turns = 0; turns < 50; turns += 1) await turn();
    expect(read.pages).toBeLessThan(6);
    stream.destroy();
    await once(stream, 'close');
    const pages = read.pages;
    for (let turns = 0; turns < 50; turns += 1) await turn();
    expect(read.pages).toBe(pages);
  });

  it('Q12: is cut off once its token is revoked', async () => {
    const { findings } = endless();
    const revoked = new Set<string | null>();
    api = await startApi({
      handlers: { findings },
      live: { checkTokensEveryMs: 10 },
      authenticate: async (token) => {
        if (revoked.has(token)) throw new HygieneError('TOKEN_UNKNOWN', 'The token was revoked.');
        return authenticate(token);
      },
    });
    const reply = await fetch(`${await api.listen()}/api/v1/findings`, {
      headers: { accept: type, authorization: `Bearer ${tokenOf('READ')}` },
    });
    expect(reply.status).toBe(200);
    const read = reply.body?.pipeTo(new WritableStream());
    revoked.add(tokenOf('READ'));
    await expect(read).rejects.toThrow();
    expect(api.logLines.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
  });

  it('is cut off by a later fault, never ended as if it were whole', async () => {
    const { findings } = endless(3);
    api = await startApi({ handlers: { findings } });
    await api.app.listen(0, '127.0.0.1');
    const { port } = api.app.getHttpServer().address() as AddressInfo;
    const reply = await fetch(`http://127.0.0.1:${port}/api/v1/findings`, {
      headers: { accept: type, authorization: `Bearer ${tokenOf('READ')}` },
    });
    expect(reply.status).toBe(200);
    await expect(reply.text()).rejects.toThrow();
    expect(api.logLines.filter((line) => line.includes('the-inner-secret'))).toHaveLength(1);
  });
});
