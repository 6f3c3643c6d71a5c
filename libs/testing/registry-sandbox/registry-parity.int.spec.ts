import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cosignSignature,
  DOCKER,
  imageIndex,
  imageManifest,
  OCI,
  type RepositoryContent,
} from '../registry-content/index.js';
import {
  pushImages,
  REGISTRY_TEST_PASSWORD,
  startDockerRegistry,
  startJwtTokenServer,
  type DockerRegistryOptions,
} from '../registry-servers/index.js';
import { startRegistrySandbox, type RegistrySandboxOptions } from './index.js';

/** The same requests to Debian's docker-registry and to the sandbox: what the one answers, the other answers. */
const IMAGE = imageManifest();
const OTHER = imageManifest({ platform: { os: 'linux', architecture: 'arm64' } });
const INDEX = imageIndex([IMAGE, OTHER]);
const OLD_STYLE = imageManifest({ style: 'docker' });
const REPOSITORIES: Readonly<Record<string, RepositoryContent>> = {
  'acme/app': {
    tags: {
      'v1.0': IMAGE,
      latest: IMAGE,
      multi: INDEX,
      docker: OLD_STYLE,
      list: imageIndex([OLD_STYLE], { style: 'docker' }),
      signed: cosignSignature(IMAGE.digest),
    },
  },
  'acme/small': { tags: { only: OTHER } },
  zeta: { tags: { only: OTHER } },
};
const NOBODY = `sha256:${'0'.repeat(64)}`;
const BLOB = [...IMAGE.blobs.keys()][0] ?? '';
const ALL = [OCI.manifest, OCI.index, DOCKER.manifest, DOCKER.index].join(', ');

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const manifest = (reference: string, more: Omit<Asked, 'path'> = { accept: ALL }): Asked => ({
  path: `/v2/acme/app/manifests/${reference}`,
  ...more,
});
const blob = (digest: string, method = 'GET'): Asked => ({ path: `/v2/acme/app/blobs/${digest}`, method });
const oci = { 'content-type': OCI.manifest };

const READS: readonly Asked[] = [
  { path: '/v2/' },
  { path: '/v2/', method: 'HEAD' },
  { path: '/v2/_catalog' },
  { path: '/v2/_catalog?n=1' },
  { path: '/v2/_catalog?n=1&last=acme/app' },
  { path: '/v2/_catalog?n=2&last=acme/app' },
  { path: '/v2/_catalog?n=0' },
  { path: '/v2/_catalog?n=-1' },
  { path: '/v2/_catalog?n=many' },
  { path: '/v2/_catalog?n=1001' },
  { path: '/v2/_catalog?last=zzz' },
  { path: '/v2/_catalog', method: 'HEAD' },
  { path: '/v2/acme/app/tags/list' },
  { path: '/v2/no/such/tags/list' },
  { path: '/v2/acme/tags/list' },
  { path: '/v2/acme/app/tags/list', method: 'HEAD' },
  { path: '/v2/acme/app/tags/list', method: 'POST' },
  { path: '/v2/acme/app/nothing' },
  ...['v1.0', 'multi', 'docker', 'list', 'signed', IMAGE.digest, INDEX.digest, 'no-such', NOBODY].flatMap(
    (reference) => [manifest(reference), manifest(reference, { accept: ALL, method: 'HEAD' })],
  ),
  ...['*/*', OCI.manifest, OCI.index, DOCKER.manifest, DOCKER.index, 'application/json'].flatMap((accept) =>
    ['v1.0', 'multi'].map((reference) => manifest(reference, { accept })),
  ),
  manifest('list', { accept: DOCKER.manifest }),
  manifest(OLD_STYLE.digest, { accept: '*/*' }),
  manifest('v1.0', { accept: ALL, headers: { 'if-none-match': `"${IMAGE.digest}"` } }),
  manifest('v1.0', { accept: ALL, headers: { 'if-none-match': IMAGE.digest } }),
  manifest('v1.0', { accept: ALL, headers: { 'if-none-match': `"${NOBODY}"` } }),
  manifest('-bad'),
  { path: '/v2/no/such/manifests/latest', accept: ALL },
  { path: `/v2/acme/small/manifests/${IMAGE.digest}`, accept: ALL },
  ...[BLOB, NOBODY, 'sha256:abc'].flatMap((digest) => [blob(digest), blob(digest, 'HEAD')]),
  { path: `/v2/no/such/blobs/${BLOB}` },
  { path: `/v2/acme/app/referrers/${IMAGE.digest}` },
];

const WRITES: readonly Asked[] = [
  manifest('x', { method: 'PUT', headers: oci, body: 'nonsense' }),
  manifest('x', { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: IMAGE.bytes.toString() }),
  manifest('x', { method: 'PUT', headers: { 'content-type': OCI.index }, body: IMAGE.bytes.toString() }),
  manifest(NOBODY, { method: 'PUT', headers: oci, body: IMAGE.bytes.toString() }),
  manifest('moved', { method: 'PUT', headers: oci, body: IMAGE.bytes.toString() }),
  { path: '/v2/zeta/manifests/x', method: 'PUT', headers: oci, body: IMAGE.bytes.toString() },
  {
    path: '/v2/zeta/manifests/x',
    method: 'PUT',
    headers: { 'content-type': OCI.index },
    body: INDEX.bytes.toString(),
  },
  { path: `/v2/fresh/blobs/uploads/?mount=${BLOB}&from=acme/app`, method: 'POST' },
  { path: '/v2/fresh/blobs/uploads/nonsense', method: 'PUT', body: 'x' },
  { path: '/v2/fresh/tags/list' },
  { path: '/v2/_catalog' },
  manifest('v1.0', { method: 'DELETE' }),
  manifest('no-such', { method: 'DELETE' }),
  manifest(IMAGE.digest, { method: 'DELETE' }),
  manifest(IMAGE.digest, { method: 'DELETE' }),
  { path: '/v2/acme/app/tags/list' },
  manifest('multi'),
  manifest(IMAGE.digest),
  blob(BLOB, 'DELETE'),
  blob(BLOB),
  { path: `/v2/zeta/manifests/${OTHER.digest}`, method: 'DELETE' },
  { path: '/v2/zeta/tags/list' },
  { path: '/v2/no/such/manifests/x', method: 'DELETE' },
];

const CLOSED: readonly Asked[] = [
  { path: '/v2/' },
  { path: '/v2/_catalog' },
  { path: '/v2/acme/app/tags/list' },
  manifest('v1.0', { method: 'HEAD' }),
  manifest('v1.0', { method: 'PUT' }),
  manifest('v1.0', { method: 'DELETE' }),
  { path: '/v2/fresh/blobs/uploads/?mount=sha256:00&from=acme/app', method: 'POST' },
  { path: '/v2/', headers: { authorization: `Basic ${btoa('ann:wrong')}` } },
  { path: '/v2/acme/app/tags/list', headers: { authorization: 'Bearer made.up.token' } },
];

const COMPARED = [
  'content-type',
  'docker-content-digest',
  'docker-distribution-api-version',
  'etag',
  'link',
  'allow',
];

async function answer(url: string, { path, method = 'GET', accept, headers, body }: Asked) {
  const own = { ...headers, ...(accept === undefined ? {} : { accept }) };
  const response = await fetch(`${url}${path}`, {
    method,
    headers: own,
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(COMPARED.map((name) => [name, response.headers.get(name)])),
    challenge: challengeOf(response.headers.get('www-authenticate') ?? ''),
    location: response.headers.get('location')?.replace(url, '') ?? null,
    body: comparable(text),
  };
}

/** The order of what a scope allows changes from one answer of docker-registry to the next; the realm is each one's own. */
function challengeOf(header: string): string {
  return header.replace(/realm="[^"]*"/, 'realm="…"').replace(/scope="([^"]*)"/, (_, scopes: string) => {
    const sorted = scopes
      .split(' ')
      .map((scope) => scope.replace(/[^:]*$/, (all) => all.split(',').sort().join()));
    return `scope="${sorted.sort().join(' ')}"`;
  });
}

interface Body {
  readonly tags?: readonly string[] | null;
  readonly errors?: readonly { readonly code: string }[];
}

/** Lists without their order, which docker-registry does not keep; a bad manifest without what Go says of it. */
function comparable(text: string): unknown {
  if (!text.startsWith('{')) return text.trim();
  const parsed = JSON.parse(text) as Body;
  const tags = Array.isArray(parsed.tags) ? { tags: [...parsed.tags].sort() } : {};
  const isBad = parsed.errors?.[0]?.code === 'MANIFEST_INVALID';
  return { ...parsed, ...tags, ...(isBad ? { errors: 'MANIFEST_INVALID' } : {}) };
}

interface Pair {
  readonly real: string;
  readonly sandbox: string;
  close(): Promise<void>;
}

async function pair(
  forReal: Omit<DockerRegistryOptions, 'spec'>,
  forSandbox: Omit<RegistrySandboxOptions, 'repositories'>,
): Promise<Pair | null> {
  const real = await startDockerRegistry({ spec: import.meta.url, ...forReal });
  if (real === null) return null;
  const sandbox = await startRegistrySandbox({ repositories: REPOSITORIES, ...forSandbox });
  return {
    ...{ real: real.url, sandbox: sandbox.url },
    async close() {
      await Promise.all([real.stop(), sandbox.close()]);
    },
  };
}

const tokens = await startJwtTokenServer({ users: { ann: 'secret' } });
const open = await pair({}, {});
const writable = await pair({ deletes: true }, { deletes: true });
const password = { username: 'ann', password: REGISTRY_TEST_PASSWORD };
const basic = await pair({ htpasswd: password }, { auth: { kind: 'basic', ...password } });
const bearer = await pair(
  { token: tokens },
  { auth: { kind: 'token', users: { ann: 'secret' }, realm: tokens.realm, service: tokens.service } },
);

beforeAll(async () => {
  for (const one of [open, writable]) if (one !== null) await pushImages(one.real, REPOSITORIES);
});
afterAll(async () => {
  await Promise.all([tokens.close(), ...[open, writable, basic, bearer].map((one) => one?.close())]);
});

async function expectSame(one: Pair | null, asked: Asked): Promise<void> {
  const real = await answer(one?.real ?? '', asked);
  expect(await answer(one?.sandbox ?? '', asked)).toEqual(real);
}

const words = (asked: Asked): string => `${asked.method ?? 'GET'} ${asked.path} ${asked.accept ?? ''}`;

describe.runIf(open)('the sandbox answers as docker-registry does', () => {
  it.each(READS.map((asked) => [words(asked), asked] as const))('%s', async (_, asked) => {
    await expectSame(open, asked);
  });

  it.each(['docker', 'list'])('%s in the old format to who accepts no other', async (tag) => {
    const asked = manifest(tag, { accept: '*/*' });
    const [real, own] = [await answer(open?.real ?? '', asked), await answer(open?.sandbox ?? '', asked)];
    expect([own.status, own.headers['content-type']]).toEqual([real.status, real.headers['content-type']]);
    for (const one of [real, own])
      expect(REPOSITORIES['acme/app']?.tags[tag]?.digest).not.toBe(one.headers['docker-content-digest']);
  });

  it.each([manifest(IMAGE.digest), manifest('v1.0'), blob(BLOB)].map(({ path }) => path))(
    'where nothing may be removed: DELETE %s',
    async (path) => {
      await expectSame(open, { path, method: 'DELETE' });
    },
  );

  it('to writes, one after the other', async () => {
    for (const asked of WRITES) {
      const real = await answer(writable?.real ?? '', asked);
      const own = await answer(writable?.sandbox ?? '', asked);
      expect([words(asked), own]).toEqual([words(asked), real]);
    }
  });

  it.each(CLOSED.map((asked) => [words(asked), asked] as const))('behind a login: %s', async (_, asked) => {
    await expectSame(basic, asked);
    await expectSame(bearer, asked);
  });
});
