import type { OpenRequest } from '#core';
import {
  imageManifest,
  startRegistrySandbox,
  type BadChallenge,
  type RegistrySandbox,
  type RegistrySandboxOptions,
} from '#testing';
import { afterEach, describe, expect, it } from 'vitest';
import {
  failureOf,
  openRegistry,
  scanOnce,
  startRaw,
  unread,
  type RawServer,
} from '../registry-session.fixture.js';

const REPOSITORIES = {
  'acme/app': { tags: { latest: imageManifest() } },
  'acme/web': { tags: { latest: imageManifest() } },
};
const PASSWORD = 'a-secret-of-the-tests/0001+';
const SECRET: OpenRequest['secret'] = { kind: 'BASIC', values: { username: 'reader', password: PASSWORD } };
const TOKENS = { kind: 'token', users: { reader: PASSWORD } } as const;

const open: { close(): Promise<void> }[] = [];
async function sandbox(options: Partial<RegistrySandboxOptions> = {}): Promise<RegistrySandbox> {
  const started = await startRegistrySandbox({ repositories: REPOSITORIES, ...options });
  open.push(started);
  return started;
}
async function raw(...given: Parameters<typeof startRaw>): Promise<RawServer> {
  const started = await startRaw(...given);
  open.push(started);
  return started;
}
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** Answers every request with this challenge. */
const challenging = (header: (host: string) => string | string[]) =>
  raw((request, response) => {
    if (request.url?.startsWith('/token') === true) response.end('{"token":"t0ken"}');
    else response.writeHead(401, { 'www-authenticate': header(request.headers.host ?? '') }).end('{}');
  });

describe('authorization', () => {
  it('shows a password only after it was asked for, and then with every request', async () => {
    const registry = await sandbox({ auth: { kind: 'basic', username: 'reader', password: PASSWORD } });
    const { errors, complete } = await scanOnce(registry.url, { secret: SECRET });
    expect([errors, complete.toSorted()]).toEqual([[], ['acme/app', 'acme/web']]);
    const shown = registry.requests.map(({ headers }) => headers['authorization']);
    expect(shown[0]).toBeUndefined();
    expect(new Set(shown.slice(1))).toEqual(
      new Set([`Basic ${Buffer.from(`reader:${PASSWORD}`).toString('base64')}`]),
    );
  });

  it('fetches one token for each scope, and none again while it is good', async () => {
    const registry = await sandbox({ auth: TOKENS });
    const environment = { now: () => Date.now() };
    for (let turn = 0; turn < 2; turn += 1)
      expect((await scanOnce(registry.url, { secret: SECRET, environment })).errors).toEqual([]);
    expect(registry.tokenRequests.map(({ scopes }) => scopes).sort()).toEqual([
      ['registry:catalog:*'],
      ['repository:acme/app:pull'],
      ['repository:acme/web:pull'],
    ]);
    expect(registry.tokenRequests.every(({ account, isGiven }) => account === 'reader' && isGiven)).toBe(
      true,
    );
  });

  it('fetches a token again shortly before it ends', async () => {
    const clock = { now: 1_800_000_000_000 };
    const now = (): number => clock.now;
    const registry = await sandbox({ auth: { ...TOKENS, tokenSeconds: 300 }, now });
    const read = () =>
      scanOnce(registry.url, {
        ...{ secret: SECRET, config: { repositories: ['acme/app'] } },
        environment: { now },
      });
    await read();
    clock.now += 269_000;
    await read();
    expect(registry.tokenRequests).toHaveLength(1);
    clock.now += 2_000;
    expect((await read()).errors).toEqual([]);
    expect(registry.tokenRequests).toHaveLength(2);
  });

  it('fetches a token once more when a good one is refused, and then gives up', async () => {
    const registry = await sandbox({ auth: TOKENS });
    const config = { repositories: ['acme/app'] };
    registry.faults.inject({ kind: 'expire-token', path: '/v2/acme/app/manifests', times: 1 });
    expect((await scanOnce(registry.url, { secret: SECRET, config })).errors).toEqual([]);
    expect(registry.tokenRequests).toHaveLength(2);
    registry.faults.inject({ kind: 'expire-token', path: '/v2/acme/app/manifests' });
    const error = unread(await scanOnce(registry.url, { secret: SECRET, config }), 'acme/app');
    expect(error.code).toBe('REMOTE_FORBIDDEN');
    expect(registry.tokenRequests.length).toBeLessThanOrEqual(5);
  });

  it('reads anonymously where tokens are given to anybody, and says what is missing where they are not', async () => {
    const open = await sandbox({ auth: { ...TOKENS, anonymousPull: true } });
    const config = { repositories: ['acme/app'] };
    expect((await scanOnce(open.url, { config })).errors).toEqual([]);
    const closed = await sandbox({ auth: TOKENS });
    const error = unread(await scanOnce(closed.url, { config }), 'acme/app');
    expect([error.code, error.message]).toEqual(['REMOTE_FORBIDDEN', expect.stringContaining('credential')]);
    const basic = await sandbox({ auth: { kind: 'basic', username: 'reader', password: PASSWORD } });
    expect((await failureOf(scanOnce(basic.url, { config }))).message).toContain('BASIC credential');
  });

  it('sends a BEARER credential as it is, and asks no token service', async () => {
    const registry = await raw(({ headers, url }, response) => {
      if (headers.authorization !== 'Bearer a-static-token') response.writeHead(401).end();
      else response.end(url?.includes('tags/list') === true ? '{"tags":[]}' : '{}');
    });
    const config = { repositories: ['acme/app'] };
    const right = { kind: 'BEARER', values: { token: 'a-static-token' } } as const;
    expect((await scanOnce(registry.url, { config, secret: right })).complete).toEqual(['acme/app']);
    const wrong = { kind: 'BEARER', values: { token: 'another-token' } } as const;
    expect((await failureOf(scanOnce(registry.url, { config, secret: wrong }))).code).toBe(
      'REMOTE_AUTH_FAILED',
    );
  });

  it('H5: takes a token service at the same host and port, and none at another port of the host', async () => {
    const service = await raw((_request, response) => response.end('{"token":"t0ken"}'));
    const elsewhere = await challenging(() => `Bearer realm="${service.url}/token",service="s"`);
    for (const secret of [SECRET, null]) {
      const error = await failureOf(scanOnce(elsewhere.url, { secret }));
      expect([error.code, error.message]).toEqual([
        'REMOTE_AUTH_FAILED',
        expect.stringContaining("not the registry's own host"),
      ]);
    }
    expect(service.seen).toHaveLength(0);
    const registry = await sandbox({ auth: TOKENS });
    expect((await scanOnce(registry.url, { secret: SECRET })).errors).toEqual([]);
  });

  it('H6: shows a credential to no host that is not the registry', async () => {
    const registry = await sandbox({ auth: TOKENS });
    const fault = registry.faults.inject({ kind: 'challenge', challenge: 'foreign-realm' });
    expect((await failureOf(scanOnce(registry.url, { secret: SECRET }))).code).toBe('REMOTE_AUTH_FAILED');
    expect(fault.fired).toBeGreaterThan(0);
    expect(registry.elsewhere.requests).toHaveLength(0);
    const evil = await challenging(() => 'Bearer realm="https://evil.example/token",service="s"');
    const error = await failureOf(scanOnce(evil.url, { secret: SECRET }));
    expect(error.message).toContain('evil.example');
    expect(error.message).not.toContain(PASSWORD);
    expect(evil.seen.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    const hex = Buffer.from(PASSWORD).toString('hex');
    const echo = await challenging(() => `Bearer realm="https://${hex}.example/token"`);
    expect((await failureOf(scanOnce(echo.url, { secret: SECRET }))).message).not.toContain(hex);
  });

  it.each<BadChallenge>(['file-realm', 'userinfo-realm', 'no-realm', 'two'])(
    'H7: refuses the challenge %s',
    async (challenge) => {
      const registry = await sandbox({ auth: TOKENS });
      const fault = registry.faults.inject({ kind: 'challenge', challenge });
      const error = await failureOf(scanOnce(registry.url, { secret: SECRET }));
      expect(error.code).toBe('REMOTE_AUTH_FAILED');
      expect(fault.fired).toBeGreaterThan(0);
      expect(registry.tokenRequests).toHaveLength(0);
      expect(registry.requests.every(({ headers }) => headers['authorization'] === undefined)).toBe(true);
    },
  );

  it('H7: refuses two challenges in two headers, and parameters that come twice', async () => {
    const headers: ((host: string) => string | string[])[] = [
      (host) => [`Bearer realm="http://${host}/token"`, 'Basic realm="x"'],
      (host) => `Bearer realm="http://${host}/token",realm="http://evil.example/"`,
      (host) => `Bearer realm="http://${host}/token",service="a",service="b"`,
      () => 'Bearer realm="unfinished',
      () => 'Negotiate',
    ];
    for (const header of headers) {
      const registry = await challenging(header);
      const { code } = await failureOf(scanOnce(registry.url, { secret: SECRET }));
      expect(['REMOTE_AUTH_FAILED', 'REMOTE_REPLY_INVALID']).toContain(code);
      expect(registry.seen.some(({ url }) => url?.startsWith('/token'))).toBe(false);
      expect(registry.seen.every(({ headers: sent }) => sent.authorization === undefined)).toBe(true);
    }
  });

  it('H8: a service with & and # in it stays one parameter', async () => {
    const registry = await challenging(
      (host) => `Bearer realm="http://${host}/token?scope=registry:evil:*&x=1",service="s&account=admin#"`,
    );
    unread(
      await scanOnce(registry.url, { secret: SECRET, config: { repositories: ['acme/app'] } }),
      'acme/app',
    );
    const asked = registry.seen.find(({ url }) => url?.startsWith('/token'))?.url ?? '';
    const { searchParams } = new URL(asked, registry.url);
    expect([...searchParams].sort()).toEqual([
      ['scope', 'repository:acme/app:pull'],
      ['service', 's&account=admin#'],
      ['x', '1'],
    ]);
  });

  it('H9: follows no redirect of a token service', async () => {
    const target = await raw((_request, response) => response.end('{"token":"t0ken"}'));
    const registry = await raw((request, response) => {
      if (request.url?.startsWith('/token') === true)
        response.writeHead(302, { location: `${target.url}/latest/meta-data/` }).end();
      else
        response
          .writeHead(401, { 'www-authenticate': `Bearer realm="http://${request.headers.host}/token"` })
          .end();
    });
    const error = await failureOf(scanOnce(registry.url, { secret: SECRET }));
    expect(error.code).toBe('REMOTE_REPLY_INVALID');
    expect(target.seen).toHaveLength(0);
  });

  it("H25: a target without a credential, or with another one, gets nobody else's token", async () => {
    const registry = await sandbox({
      auth: { ...TOKENS, users: { reader: PASSWORD, other: 'other-password' } },
    });
    const environment = { now: () => Date.now() };
    const config = { repositories: ['acme/app'] };
    expect((await scanOnce(registry.url, { config, secret: SECRET, environment })).errors).toEqual([]);
    unread(await scanOnce(registry.url, { config, environment }), 'acme/app');
    const other = { kind: 'BASIC', values: { username: 'other', password: 'other-password' } } as const;
    expect((await scanOnce(registry.url, { config, secret: other, environment })).errors).toEqual([]);
    expect(registry.tokenRequests.map(({ account }) => account)).toEqual(['reader', null, 'other']);
  });

  it('refuses credentials that cannot stand in a header, without showing them', async () => {
    const bad: OpenRequest['secret'][] = [
      { kind: 'BASIC', values: { username: 'a:b', password: PASSWORD } },
      { kind: 'BASIC', values: { username: 'a', password: `${PASSWORD}\r\nx: y` } },
      { kind: 'BEARER', values: { token: `${PASSWORD}\n` } },
      { kind: 'AWS_ACCESS_KEY', values: { secretAccessKey: PASSWORD } },
    ];
    for (const secret of bad) {
      const error = await failureOf(openRegistry('http://127.0.0.1:1', { secret }));
      expect(error.code).toBe('CREDENTIAL_INVALID');
      expect(error.message).not.toContain(PASSWORD);
    }
  });
});
