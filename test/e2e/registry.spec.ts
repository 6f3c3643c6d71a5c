import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  cosignSignature,
  cosignTag,
  officialImages,
  pushImages,
  startDockerRegistry,
  startJwtTokenServer,
  REGISTRY_TEST_PASSWORD,
  type DockerRegistry,
  type JwtTokenServer,
  type RepositoryContent,
} from '#testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS, type BackendUnderTest } from './support/backends.js';
import { Client } from './support/client.js';
import { startFront, type Front } from './support/front.js';
import { startService, temporaryDirectory, type Started } from './support/service.js';

const LOGIN = { username: 'reader', password: REGISTRY_TEST_PASSWORD };
const SPEC = { spec: import.meta.url };
/** Forty repositories of the official images, one of them signed. */
const CONTENT = signed(
  { ...fortyRepositories(), ...officialImages({ repositories: ['adminer'], architectures: 2 }) },
  'library/adminer',
  '6.0.1',
);
const NAMES = Object.keys(CONTENT);
const TAGS = Object.values(CONTENT).reduce((sum, { tags }) => sum + Object.keys(tags).length, 0);
const PACK = `pack: images
protect: [{ platforms: [registry], tags: [{ exact: latest }] }]
rules:
  - { id: short, kind: name-pattern, on: { platforms: [registry] }, mustNot: { re2: '\\d+' }, severity: low, fix: untag }
  - id: keep-two
    kind: retention
    on: { platforms: [registry], resources: [{ exact: library/adminer }] }
    keep: { any: [{ newest: 2, orderBy: created }] }
    severity: info
    fix: untag
`;
const TAG = `query ($filter: TagFilter) { tags(filter: $filter, first: 200) {
  totalCount edges { node { name digest createdAt manifest { mediaType platforms bytes children layers } } }
} }`;

function fortyRepositories(): Record<string, RepositoryContent> {
  const small = Object.entries(officialImages({ architectures: 1 })).filter(
    ([, { tags }]) => Object.keys(tags).length <= 40,
  );
  return Object.fromEntries(small.slice(0, 40));
}

function signed(
  content: Record<string, RepositoryContent>,
  repository: string,
  tag: string,
): Record<string, RepositoryContent> {
  const own = content[repository];
  const subject = own?.tags[tag]?.digest ?? '';
  const tags = { ...own?.tags, [cosignTag(subject)]: cosignSignature(subject) };
  return { ...content, [repository]: { ...own, tags } };
}

describe.for(Object.keys(BACKENDS))('a registry, with %s', (backendName) => {
  let backend: BackendUnderTest | null;
  let registry: DockerRegistry | null;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let service: Started;
  let client: Client;
  let target: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    backend = (await BACKENDS[backendName]?.()) ?? null;
    registry =
      backend === null ? null : await startDockerRegistry({ ...SPEC, htpasswd: LOGIN, content: CONTENT });
    if (backend === null || registry === null) return;
    service = await startService({
      dataDir: join(directory.path, 'data'),
      env: { ...backend.env, TAGWARD_OUTBOUND_ALLOW: '127.0.0.1' },
    });
    client = new Client(service.url);
    await client.rest('PUT', '/rule-packs/images', PACK);
    target = await makeTarget('official', registry.url);
  });
  afterAll(async () => {
    await service?.stop();
    await registry?.stop();
    await backend?.close();
    await directory.remove();
  });

  async function makeTarget(name: string, url: string, password = LOGIN.password): Promise<string> {
    const secret = { ...LOGIN, password };
    const credential = await client.rest('POST', '/credentials', { name, kind: 'BASIC', secret });
    const { status, body } = await client.rest('POST', '/targets', {
      name,
      credentialId: credential.body.id,
      registry: { url },
    });
    expect(status, JSON.stringify(body)).toBe(201);
    return body.id;
  }

  it('reads forty repositories in lanes, every tag with its digest', async ({ skip }) => {
    if (registry === null) return skip();
    const scan = await client.scan(target);
    expect(scan).toMatchObject({ status: 'SUCCEEDED', errors: [], resources: NAMES.length, tags: TAGS });
    expect(scan.progress).toEqual({ done: NAMES.length, total: NAMES.length });
    for (const repository of ['library/adminer', NAMES.at(-1) ?? '']) {
      const { tags } = await client.data(TAG, { filter: { targetIds: [target], resource: repository } });
      const read = tags.edges.map(({ node }: { node: { name: string; digest: string } }) => [
        node.name,
        node.digest,
      ]);
      const expected = Object.entries(CONTENT[repository]?.tags ?? {}).map(([name, { digest }]) => [
        name,
        digest,
      ]);
      expect(read.sort()).toEqual(expected.sort());
    }
  });

  it('shows what shares a digest, what an index holds, and judges no signature by its name', async ({
    skip,
  }) => {
    if (registry === null) return skip();
    const index = CONTENT['library/adminer']?.tags['6.0.1'];
    const { tags } = await client.data(TAG, { filter: { targetIds: [target], digest: index?.digest } });
    const names = tags.edges.map(({ node }: { node: { name: string } }) => node.name);
    expect(names.sort()).toEqual(['6', '6-standalone', '6.0.1', '6.0.1-standalone', 'latest', 'standalone']);
    expect(tags.edges[0].node.manifest).toMatchObject({
      mediaType: index?.mediaType,
      platforms: ['linux/amd64', 'linux/arm/v6'],
      children: [expect.stringMatching(/^sha256:/), expect.stringMatching(/^sha256:/)],
    });
    const about = `/findings?targetIds=${target}&resources=library/adminer&first=200`;
    const { body } = await client.rest('GET', about);
    const found = body.items.map(({ ruleId, tag }: { ruleId: string; tag: string }) => `${ruleId} ${tag}`);
    expect(found).toEqual(expect.arrayContaining(['short 6', 'short 5']));
    expect(found.some((one: string) => one.includes('sha256-') || one.includes('latest'))).toBe(false);
    expect(found.filter((one: string) => one.startsWith('keep-two')).length).toBeGreaterThan(0);
  });

  it('lets a repository that cannot be read make the scan partial, and nothing of it gone', async ({
    skip,
  }) => {
    if (registry === null) return skip();
    const before = await client.data(TAG, { filter: { targetIds: [target], resource: 'library/adminer' } });
    const revisions = join(
      registry.folder,
      'docker/registry/v2/repositories/library/adminer/_manifests/revisions',
    );
    await rm(revisions, { recursive: true });

    const scan = await client.scan(target);

    expect(scan).toMatchObject({ status: 'PARTIAL', errors: [{ scope: 'library/adminer' }] });
    const after = await client.data(TAG, { filter: { targetIds: [target], resource: 'library/adminer' } });
    expect(after).toEqual(before);
  });

  it('counts a repository that is gone from the catalog as gone', async ({ skip }) => {
    if (registry === null) return skip();
    await rm(join(registry.folder, 'docker/registry/v2/repositories/library/adminer'), { recursive: true });

    const scan = await client.scan(target);

    expect(scan).toMatchObject({ status: 'SUCCEEDED', resources: NAMES.length - 1 });
    const { tags } = await client.data(TAG, { filter: { targetIds: [target], resource: 'library/adminer' } });
    expect(tags.totalCount).toBe(0);
    const open = `/findings?targetIds=${target}&resources=library/adminer&states=OPEN`;
    expect((await client.rest('GET', open)).body.items).toEqual([]);
  });

  it('scans the one repository that is asked for', async ({ skip }) => {
    if (registry === null) return skip();
    const [, second = ''] = NAMES;
    const scan = await client.scan(target, { resources: [second] });
    expect(scan).toMatchObject({ status: 'SUCCEEDED', resources: 1 });
    expect(scan.tags).toBe(Object.keys(CONTENT[second]?.tags ?? {}).length);
  });

  it('says at once that the password is wrong', async ({ skip }) => {
    if (registry === null) return skip();
    const wrong = await makeTarget('wrong-password', registry.url, 'canary-of-a-registry');
    const scan = await client.scan(wrong);
    expect(scan).toMatchObject({ status: 'FAILED', errors: [{ code: 'REMOTE_AUTH_FAILED' }] });
    expect(JSON.stringify(scan)).not.toContain('canary');
  });

  it('shows what the registry can do once it was probed', async ({ skip }) => {
    if (registry === null) return skip();
    const { body } = await client.rest('POST', `/targets/${target}/probe`);
    const probed = body.capabilities.filter(({ declared }: { declared: boolean }) => !declared);
    const can = Object.fromEntries(
      probed.map(({ name, supported }: { name: string; supported: boolean }) => [name, supported]),
    );
    expect(can).toMatchObject({ catalog: true, delete: false, 'delete-by-tag': false, referrers: false });
  });
});

describe('a registry with a token server', () => {
  let registry: DockerRegistry | null;
  let tokens: JwtTokenServer;
  let front: Front;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let service: Started;
  let client: Client;
  let credentialId: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    tokens = await startJwtTokenServer({ users: { [LOGIN.username]: LOGIN.password } });
    front = await startFront();
    front.route('/token', tokens.realm);
    registry = await startDockerRegistry({ ...SPEC, token: { ...tokens, realm: `${front.url}/token` } });
    if (registry === null) return;
    front.route('/', registry.url);
    await pushImages(front.url, officialImages({ most: 5, architectures: 1 }), { auth: LOGIN });
    service = await startService({
      dataDir: join(directory.path, 'data'),
      env: { TAGWARD_OUTBOUND_ALLOW: '127.0.0.1' },
    });
    client = new Client(service.url);
    const { body } = await client.rest('POST', '/credentials', { name: 't', kind: 'BASIC', secret: LOGIN });
    credentialId = body.id;
  });
  afterAll(async () => {
    await service?.stop();
    await registry?.stop();
    await front.close();
    await tokens.close();
    await directory.remove();
  });

  async function scan(name: string, url: string) {
    const target = await client.rest('POST', '/targets', { name, credentialId, registry: { url } });
    return client.scan(target.body.id);
  }

  it('is read with tokens for what is read and nothing more', async ({ skip }) => {
    if (registry === null) return skip();
    const asked = tokens.asked.length;
    expect(await scan('tokens', front.url)).toMatchObject({ status: 'SUCCEEDED', resources: 5, errors: [] });
    const wanted = new URLSearchParams(
      front.paths
        .filter((path) => path.startsWith('/token'))
        .map((path) => ['scope', decodeURIComponent(path)]),
    );
    expect(tokens.asked.length).toBeGreaterThan(asked);
    expect(
      wanted
        .getAll('scope')
        .slice(-5)
        .every((scope) => !/push|delete/.test(scope)),
    ).toBe(true);
  });

  it('H6: is not sent the password when its challenge names another address', async ({ skip }) => {
    if (registry === null) return skip();
    const asked = tokens.asked.length;
    const direct = await scan('direct', registry.url);
    expect(direct).toMatchObject({ status: 'FAILED', errors: [{ scope: null }] });
    expect(tokens.asked).toHaveLength(asked);
  });
});
