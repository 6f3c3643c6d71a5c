import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RestClient } from './rest-client.js';

const name = z.object({ name: z.string() });
const PROBLEM = { detail: 'No.', reason: 'SCOPE_MISSING', requestId: 'r1', code: 'FORBIDDEN' };

describe('the client of the REST API', () => {
  let server: Server;
  let asked: IncomingMessage[];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request);
      answer(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  function client(options: { timeoutMs?: number; onWait?: (ms: number, status: number) => void } = {}) {
    const { port } = server.address() as AddressInfo;
    const url = new URL(`http://127.0.0.1:${port}/base/`);
    return new RestClient({ url, token: 'twd_x', timeoutMs: 5_000, ...options });
  }
  const json = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
    response.writeHead(status, headers).end(JSON.stringify(body));
  const get = (options = {}) => client(options).call({ method: 'GET', path: '/x' }, name);

  it('reads every page of a list', async () => {
    answer = ({ url }, response) => {
      const after = new URL(url ?? '', 'http://x').searchParams.get('after');
      const next = { null: 'a b', 'a b': 'c' }[String(after)] ?? null;
      json(response, 200, { items: [{ name: String(after), more: 1 }], nextCursor: next, hasNextPage: true });
    };

    expect(await client().list('/things', name)).toEqual([{ name: 'null' }, { name: 'a b' }, { name: 'c' }]);
    expect(asked[0]?.url).toBe('/base/api/v1/things?first=200');
    expect(asked[0]?.headers.authorization).toBe('Bearer twd_x');
  });

  it('does not go round for ever', async () => {
    answer = (_request, response) => json(response, 200, { items: [], nextCursor: 'again' });
    await expect(client().list('/things', name)).rejects.toThrow('gives the same page of /things again');
    expect(asked).toHaveLength(2);
  });

  it.each([429, 503])('comes back after %d, when it is told to', async (status) => {
    const waits: number[] = [];
    answer = (_request, response) =>
      asked.length < 3
        ? json(response, status, PROBLEM, { 'retry-after': '0' })
        : json(response, 200, { name: 'done' });

    expect(await get({ onWait: (ms: number) => waits.push(ms) })).toEqual({ name: 'done' });
    expect(waits).toEqual([0, 0]);
  });

  it.each([
    ['after five attempts', '0', 5],
    ['when that is too far off', '3600', 1],
    ['when that is a date too far off', 'Fri, 31 Dec 2999 23:59:59 GMT', 1],
  ])('gives up %s', async (_when, after, attempts) => {
    answer = (_request, response) => json(response, 429, PROBLEM, { 'retry-after': after });
    await expect(get()).rejects.toMatchObject({ name: 'Refusal', status: 429 });
    expect(asked).toHaveLength(attempts);
  });

  it('says what the service says', async () => {
    answer = (_request, response) => json(response, 403, PROBLEM);
    await expect(get()).rejects.toMatchObject({
      status: 403,
      reason: 'SCOPE_MISSING',
      message: 'No. (SCOPE_MISSING, request r1)',
    });
    expect(asked).toHaveLength(1);
  });

  it('takes its token nowhere else', async () => {
    answer = (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end();
    await expect(get()).rejects.toThrow(
      'answers with 302, and not as Tagward does. It leads on to /elsewhere',
    );
    expect(asked).toHaveLength(1);
  });

  it('knows what is not Tagward', async () => {
    answer = (_request, response) => response.writeHead(200).end('<html>');
    await expect(get()).rejects.toThrow('does not answer as Tagward does');
    answer = (_request, response) => response.writeHead(502).end('Bad gateway');
    await expect(get()).rejects.toThrow('answers with 502');
  });

  it('does not wait for ever', async () => {
    answer = (_request, response) => void response.writeHead(200).write('{');
    await expect(get({ timeoutMs: 100 })).rejects.toThrow('does not answer: nothing came within 100 ms');
  });

  it('says when nobody is there', async () => {
    const lost = client();
    server.close();
    await once(server, 'close');
    await expect(lost.call({ method: 'GET', path: '/x' }, name)).rejects.toThrow(
      /127\.0\.0\.1:\d+\/base does not answer: ECONNREFUSED/,
    );
  });
});
