import { Agent, fetch as fetchBy } from 'undici';
import { afterEach, expect, it } from 'vitest';
import { imageManifest, OCI } from '../registry-content/index.js';
import { selfSigned } from '../registry-servers/index.js';
import { startRegistrySandbox, type RegistryAuth, type RegistrySandbox } from './index.js';

const REPOSITORIES = { 'acme/app': { tags: { '1.0': imageManifest() } }, 'acme/other': { tags: {} } };
const USERS = { ann: 'secret-of-ann' };
const LIST = '/v2/acme/app/tags/list';
const PULL = 'repository:acme/app:pull';

let sandbox: RegistrySandbox;
let now = Date.UTC(2026, 0, 1);
const start = async (auth: RegistryAuth) => {
  sandbox = await startRegistrySandbox({ repositories: REPOSITORIES, auth, now: () => now });
};
const basic = (user: string, password: string) => `Basic ${btoa(`${user}:${password}`)}`;
const ask = (path: string, authorization?: string, method = 'GET') =>
  fetch(`${sandbox.url}${path}`, {
    method,
    headers: { accept: OCI.manifest, ...(authorization === undefined ? {} : { authorization }) },
  });
const token = async (scope: string, authorization?: string): Promise<string> => {
  const query = new URLSearchParams({ service: 'registry-sandbox', scope });
  const response = await ask(`/token?${query.toString()}`, authorization);
  const body = (await response.json()) as { token?: string };
  return body.token ?? `none: ${response.status}`;
};
const challengeOf = async (path: string, authorization?: string, method = 'GET') =>
  (await ask(path, authorization, method)).headers.get('www-authenticate');

afterEach(async () => {
  await sandbox.close();
});

it('asks for a user and a password', async () => {
  await start({ kind: 'basic', username: 'ann', password: 'secret-of-ann' });
  const refused = await ask('/v2/');
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
    401,
    'Basic realm="registry-sandbox"',
  ]);
  expect(await refused.json()).toEqual({
    errors: [{ code: 'UNAUTHORIZED', message: 'authentication required', detail: null }],
  });
  expect((await ask(LIST, basic('ann', 'wrong'))).status).toBe(401);
  expect((await ask(LIST, basic('bob', 'secret-of-ann'))).status).toBe(401);
  expect((await ask(LIST, basic('ann', 'secret-of-ann'))).status).toBe(200);
});

it('sends clients to its token server with the scope they need, and takes tokens of that scope', async () => {
  await start({ kind: 'token', users: USERS });
  const bearer = `Bearer realm="${sandbox.url}/token",service="registry-sandbox"`;
  expect(await challengeOf('/v2/')).toBe(bearer);
  expect(await challengeOf(LIST)).toBe(`${bearer},scope="${PULL}"`);
  expect(await challengeOf('/v2/_catalog')).toBe(`${bearer},scope="registry:catalog:*"`);
  expect(await challengeOf('/v2/acme/app/manifests/1.0', undefined, 'PUT')).toBe(
    `${bearer},scope="repository:acme/app:pull,push"`,
  );
  const own = `Bearer ${await token(PULL, basic('ann', 'secret-of-ann'))}`;
  expect((await ask(LIST, own)).status).toBe(200);
  expect((await ask('/v2/', own)).status).toBe(200);
  expect(await challengeOf('/v2/acme/other/tags/list', own)).toBe(
    `${bearer},scope="repository:acme/other:pull",error="insufficient_scope"`,
  );
  expect(await challengeOf(LIST, 'Bearer made-up')).toBe(`${bearer},scope="${PULL}",error="invalid_token"`);
  expect((await ask(LIST, basic('ann', 'secret-of-ann'))).status).toBe(401);
});

it('knows who asked its token server for what', async () => {
  await start({ kind: 'token', users: USERS });
  expect(await token(PULL, basic('ann', 'wrong'))).toBe('none: 401');
  expect(await token(PULL)).toBe('none: 401');
  await token(`${PULL} registry:catalog:*`, basic('ann', 'secret-of-ann'));
  expect(sandbox.tokenRequests).toEqual([
    { account: 'ann', service: 'registry-sandbox', scopes: [PULL], isGiven: false },
    { account: null, service: 'registry-sandbox', scopes: [PULL], isGiven: false },
    { account: 'ann', service: 'registry-sandbox', scopes: [PULL, 'registry:catalog:*'], isGiven: true },
  ]);
  expect(sandbox.stats.count(/^GET \/token/)).toBe(3);
});

it('gives the anonymous a token that pulls only', async () => {
  await start({ kind: 'token', users: USERS, anonymousPull: true });
  expect((await ask(LIST)).status).toBe(401);
  const anybody = `Bearer ${await token('repository:acme/app:pull,push registry:catalog:*')}`;
  expect((await ask(LIST, anybody)).status).toBe(200);
  expect((await ask('/v2/acme/app/blobs/uploads/', anybody, 'POST')).status).toBe(401);
  expect((await ask('/v2/_catalog', anybody)).status).toBe(401);
});

it('lets tokens expire', async () => {
  await start({ kind: 'token', users: USERS, tokenSeconds: 60 });
  const own = `Bearer ${await token(PULL, basic('ann', 'secret-of-ann'))}`;
  now += 59_000;
  expect((await ask(LIST, own)).status).toBe(200);
  now += 1_000;
  expect(await challengeOf(LIST, own)).toContain('error="invalid_token"');
});

it('can name another realm', async () => {
  await start({ kind: 'token', users: USERS, realm: 'https://auth.example/token', service: 'acme' });
  expect(await challengeOf('/v2/')).toBe('Bearer realm="https://auth.example/token",service="acme"');
});

it('speaks TLS, and then names a realm that does', async () => {
  const { key, certificate } = selfSigned();
  const auth: RegistryAuth = { kind: 'token', users: USERS };
  const tls = { key, cert: certificate };
  sandbox = await startRegistrySandbox({ repositories: REPOSITORIES, auth, tls });
  await expect(fetch(`${sandbox.url}/v2/`)).rejects.toThrow('fetch failed');
  const dispatcher = new Agent({ connect: { ca: certificate } });
  const response = await fetchBy(`${sandbox.url}/v2/`, { dispatcher });
  expect(response.headers.get('www-authenticate')).toContain('realm="https://127.0.0.1');
  sandbox.faults.inject({ kind: 'challenge', challenge: 'http-realm' });
  const bad = await fetchBy(`${sandbox.url}/v2/`, { dispatcher });
  expect(bad.headers.get('www-authenticate')).toContain('realm="http://127.0.0.1');
  await dispatcher.close();
});
