import { createServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OutboundGuard } from '../outbound/outbound-guard.js';
import { CertificateFetcher } from './certificate-fetcher.js';
import { EXPIRED_SERVER, GOOD_SERVER, TEST_AUTHORITY } from './tls.fixture.js';

const HOST = 'registry.test';
let asked: string[] = [];
const server = createServer(GOOD_SERVER, ({ url = '/' }, response) => {
  asked.push(url);
  if (url === '/moved.pem') response.writeHead(302, { location: '/good.pem' }).end();
  else if (url === '/gone.pem') response.writeHead(404).end();
  else if (url === '/large.pem') response.end('x'.repeat(100_000));
  else response.end(url === '/page.pem' ? '<html>' : GOOD_SERVER.cert);
});
let port: number;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

let now = 0;
function fetcher({ allow = ['127.0.0.1'], ca = TEST_AUTHORITY } = {}): CertificateFetcher {
  asked = [];
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  return new CertificateFetcher(new OutboundGuard({ allow, allowLocal: false }, resolve), () => now, { ca });
}
const at = (path: string) => new URL(`https://${HOST}:${port}${path}`);

it('fetches a certificate once, however many ask, and again a day later', async () => {
  const one = fetcher();
  const found = await Promise.all(Array.from({ length: 20 }, () => one.certificate(at('/good.pem'))));
  expect([new Set(found), asked]).toEqual([new Set([GOOD_SERVER.cert]), ['/good.pem']]);
  now += 25 * 60 * 60 * 1_000;
  await one.certificate(at('/good.pem'));
  expect(asked).toHaveLength(2);
  await one.close();
});

it.each([
  ['/moved.pem', 'REMOTE_REPLY_INVALID'],
  ['/gone.pem', 'REMOTE_FAULT'],
  ['/page.pem', 'REMOTE_REPLY_INVALID'],
  ['/large.pem', 'REMOTE_REPLY_INVALID'],
])('takes nothing else for one: %s', async (path, code) => {
  const one = fetcher();
  await expect(one.certificate(at(path))).rejects.toMatchObject({ code });
  expect(asked).toEqual([path]);
  await one.close();
});

it('asks neither a private address nor a server that nobody vouches for', async () => {
  const closed = fetcher({ allow: [] });
  await expect(closed.certificate(at('/good.pem'))).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  const strict = fetcher({ ca: EXPIRED_SERVER.cert });
  await expect(strict.certificate(at('/good.pem'))).rejects.toMatchObject({ code: 'REMOTE_UNREACHABLE' });
  expect(asked).toEqual([]);
  await Promise.all([closed.close(), strict.close()]);
});

it('asks few addresses a minute', async () => {
  const one = fetcher();
  for (let n = 0; n < 20; n += 1) await one.certificate(at(`/${n}.pem`));
  expect(() => one.certificate(at('/more.pem'))).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
  await expect(one.certificate(at('/3.pem'))).resolves.toBe(GOOD_SERVER.cert);
  now += 60_001;
  await expect(one.certificate(at('/more.pem'))).resolves.toBe(GOOD_SERVER.cert);
  await one.close();
});
