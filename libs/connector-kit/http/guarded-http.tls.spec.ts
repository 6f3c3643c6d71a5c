import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { HygieneError } from '#core';
import { afterEach, describe, expect, it } from 'vitest';
import { OutboundGuard } from '../outbound/outbound-guard.js';
import { GuardedHttp } from './guarded-http.js';
import { EXPIRED_SERVER, GOOD_SERVER, TEST_AUTHORITY } from './tls.fixture.js';

const servers: Server[] = [];
const clients: GuardedHttp[] = [];

/** Every name leads to this machine. */
const guard = new OutboundGuard({ allow: ['127.0.0.1'], allowLocal: false }, async () => [
  { address: '127.0.0.1', family: 4 },
]);

async function start(options: ServerOptions): Promise<number> {
  const server = createServer(options, (_request, response) => response.end('secret ok'));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function get(host: string, port: number, ca?: string): Promise<string> {
  const client = new GuardedHttp(guard, {
    connections: 1,
    connectMs: 1_000,
    ...(ca === undefined ? {} : { ca }),
  });
  clients.push(client);
  const reply = await client.send({
    method: 'GET',
    url: new URL(`https://${host}:${port}/`),
    what: 'the list',
    limits: { headersMs: 1_000, idleMs: 1_000, totalMs: 2_000, maxBytes: 1_000 },
    signal: new AbortController().signal,
  });
  return reply.text();
}

async function refusal(work: Promise<string>): Promise<string> {
  const error = await work.then(
    () => expect.fail('it was not refused'),
    (reason: unknown) => reason as HygieneError,
  );
  expect(error.code).toBe('REMOTE_UNREACHABLE');
  return error.message;
}

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('guarded HTTP over TLS', () => {
  it("trusts the target's own authority beside the system's", async () => {
    expect(await get('registry.test', await start(GOOD_SERVER), TEST_AUTHORITY)).toBe('secret ok');
  });

  it('H24: refuses an authority nobody named, another host, an expired certificate and TLS 1.1, and says which', async () => {
    const port = await start(GOOD_SERVER);
    expect(await refusal(get('registry.test', port))).toMatch(/UNABLE_TO_|SELF_SIGNED/);
    expect(await refusal(get('other.test', port, TEST_AUTHORITY))).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await refusal(get('registry.test', await start(EXPIRED_SERVER), TEST_AUTHORITY))).toContain(
      'CERT_HAS_EXPIRED',
    );
    const old = {
      ...GOOD_SERVER,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    } as const;
    expect(await refusal(get('registry.test', await start(old), TEST_AUTHORITY))).toContain(
      'trusted connection',
    );
  });
});
