import type { OpenRequest, Resource } from '#core';
import { memoryContentFacts } from '#connector-kit';
import {
  attestation,
  cosignSignature,
  cosignTag,
  imageIndex,
  imageManifest,
  officialImages,
  pushImages,
  REGISTRY_TEST_PASSWORD,
  startDockerRegistry,
  startJwtTokenServer,
  type DockerRegistryOptions,
  type Manifest,
  type RepositoryContent,
} from '#testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startFront, type RegistryFront } from './registry-front.fixture.js';
import { failureOf, openRegistry, scan, scanOnce, type SessionOptions } from './registry-session.fixture.js';

const ANN = { username: 'ann', password: REGISTRY_TEST_PASSWORD };
const SECRET: OpenRequest['secret'] = { kind: 'BASIC', values: ANN };
const WRONG: OpenRequest['secret'] = { kind: 'BASIC', values: { ...ANN, password: 'not-the-password' } };

const OLD = '2024-01-01T00:00:00.000Z';
const NEW = '2025-02-03T04:05:06.000Z';
const amd = imageManifest({ layers: ['own'], created: OLD });
const arm = imageManifest({
  layers: ['own', 'arm'],
  created: NEW,
  platform: { os: 'linux', architecture: 'arm64' },
});
const multi = imageIndex([amd, arm, attestation(amd.digest)]);
const docker = imageManifest({ layers: ['docker'], created: OLD, style: 'docker' });
const OWN: Record<string, RepositoryContent> = {
  'acme/app': {
    tags: {
      '1.0': docker,
      '1.0.0': docker,
      stable: docker,
      multi,
      [cosignTag(multi.digest)]: cosignSignature(multi.digest),
    },
  },
  'acme/empty': { tags: {}, extra: [docker] },
};
/** The first of moderate size: the pushing of one with hundreds of tags takes longer than all the rest. */
const OFFICIAL = Object.entries(officialImages({ architectures: 2 }))
  .filter(([, { tags }]) => Object.keys(tags).length <= 50)
  .slice(0, 42);
const CONTENT = { ...Object.fromEntries(OFFICIAL), ...OWN };

type Registry = NonNullable<Awaited<ReturnType<typeof startDockerRegistry>>>;
const stops: (() => Promise<void>)[] = [];
const start = async (options: Partial<DockerRegistryOptions> = {}): Promise<Registry | null> =>
  startDockerRegistry({ spec: import.meta.url, ...options });
const here = await start();

const digestsOf = ({ tags }: Resource) => Object.fromEntries(tags.map(({ name, digest }) => [name, digest]));
const expected = (tags: Readonly<Record<string, Manifest>>) =>
  Object.fromEntries(Object.entries(tags).map(([name, { digest }]) => [name, digest]));

afterAll(async () => {
  await here?.stop();
});

describe.runIf(here)("the registry connector on Debian's docker-registry", () => {
  let front: RegistryFront;
  beforeAll(async () => {
    const url = here?.url ?? '';
    await pushImages(url, CONTENT);
    front = await startFront(() => url);
  }, 300_000);
  afterAll(async () => {
    await front.close();
  });

  it('reads every repository, tag, digest and date as they were pushed, and reads them again for less', async () => {
    const environment = { content: memoryContentFacts() };
    const first = await scanOnce(front.url, { environment });
    expect(first.errors).toEqual([]);
    expect(first.events.at(-1)).toEqual({ type: 'all-scopes' });
    expect(first.complete.toSorted()).toEqual(Object.keys(CONTENT).sort());
    for (const resource of first.resources)
      expect([resource.scope, digestsOf(resource)]).toEqual([
        resource.scope,
        expected(CONTENT[resource.scope]?.tags ?? {}),
      ]);
    const tags = first.resources.flatMap((one) => [...one.tags]);
    expect(tags.length).toBeGreaterThan(500);
    expect(tags.filter(({ name, createdAt }) => createdAt === null && !name.startsWith('sha256-'))).toEqual(
      [],
    );

    front.requests.length = 0;
    const second = await scanOnce(front.url, { environment }, { facts: new Set(['created']) });
    expect(new Map(second.resources.map((one) => [one.scope, one.tags]))).toEqual(
      new Map(first.resources.map((one) => [one.scope, one.tags])),
    );
    expect(front.requests.filter((one) => /^GET .*(manifests|blobs)/.test(one))).toEqual([]);
    const lists = front.requests.filter((one) => /_catalog|tags\/list/.test(one)).length;
    expect(lists).toBeLessThanOrEqual(Object.keys(CONTENT).length + 1);
    expect(front.requests.length).toBeLessThanOrEqual(lists + tags.length);
  }, 300_000);

  it('knows siblings, the newest platform, statements and signatures', async () => {
    const { resources, errors } = await scanOnce(front.url, { config: { repositories: ['acme/app'] } });
    expect(errors).toEqual([]);
    const own = resources[0]?.tags ?? [];
    expect(
      own
        .filter(({ digest }) => digest === docker.digest)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['1.0', '1.0.0', 'stable']);
    expect(own.find(({ name }) => name === 'multi')).toMatchObject({
      ...{ digest: multi.digest, createdAt: new Date(NEW) },
      pointer: { children: multi.children.map(({ digest }) => digest), layers: 2 },
    });
    expect([...own].some(({ name }) => name === cosignTag(multi.digest))).toBe(true);
    const untagged = resources[0]?.untagged ?? [];
    expect(untagged.map(({ digest }) => digest).sort()).toEqual(
      multi.children.map(({ digest }) => digest).sort(),
    );
    expect(untagged.every(({ heldBy }) => heldBy.includes(multi.digest))).toBe(true);
  });

  it('says what it can do: pages of the catalog, none of tags, no deletes, no referrers', async () => {
    const connector = await openRegistry(front.url);
    const { capabilities, identity } = await connector.health(new AbortController().signal);
    expect(identity).toBe('anonymous');
    expect(Object.fromEntries(capabilities.map(({ name, supported }) => [name, supported]))).toEqual({
      ...{
        catalog: true,
        read: true,
        paging: false,
        referrers: false,
        delete: false,
        'delete-by-tag': false,
      },
    });
    await connector.close();
  });

  it('passes over repositories that do not exist, and reads those asked for', async () => {
    const { complete, errors } = await scanOnce(front.url, {}, { resources: ['acme/app', 'acme/none'] });
    expect([complete, errors]).toEqual([['acme/app'], []]);
  });
});

describe.runIf(here)("Debian's docker-registry that asks who is there", () => {
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  async function protectedBy(options: Partial<DockerRegistryOptions>): Promise<string> {
    const registry = await start({ deletes: true, ...options });
    if (registry === null) throw new Error('It was there when this file began.');
    stops.push(() => registry.stop());
    return registry.url;
  }

  async function expectReads(url: string, given: SessionOptions): Promise<void> {
    const { complete, errors, resources } = await scanOnce(url, given);
    expect([errors, complete.toSorted()]).toEqual([[], Object.keys(OWN).sort()]);
    const app = resources.find(({ scope }) => scope === 'acme/app');
    expect(app === undefined ? null : digestsOf(app)).toEqual(expected(OWN['acme/app']?.tags ?? {}));
    expect((await failureOf(scanOnce(url, { secret: WRONG }))).code).toBe('REMOTE_AUTH_FAILED');
  }

  it('by a password', async () => {
    const url = await protectedBy({ htpasswd: ANN });
    await pushImages(url, OWN, { auth: ANN });
    await expectReads(url, { secret: SECRET });
    const error = await failureOf(scanOnce(url));
    expect(error.message).toContain('BASIC credential');
  });

  it('by tokens of a service at its own address; deletes digests only, and loses nothing by being asked', async () => {
    const service = await startJwtTokenServer({ users: { ann: ANN.password } });
    stops.push(() => service.close());
    const upstream = { url: '' };
    const front = await startFront((path) =>
      path.startsWith('/token') ? new URL(service.realm).origin : upstream.url,
    );
    stops.push(() => front.close());
    upstream.url = await protectedBy({ token: { ...service, realm: `${front.url}/token` } });
    await pushImages(front.url, OWN, { auth: ANN });
    await expectReads(front.url, { secret: SECRET });

    const connector = await openRegistry(front.url, { secret: SECRET });
    const before = await scan(connector);
    const { capabilities } = await connector.health(new AbortController().signal);
    const can = (name: string) => capabilities.find((one) => one.name === name)?.supported;
    expect([can('read'), can('delete'), can('delete-by-tag')]).toEqual([true, true, false]);
    expect((await scan(connector)).resources.map(digestsOf)).toEqual(before.resources.map(digestsOf));
    await connector.close();
  });

  it('by tokens of a service at another port, which gets to see no password', async () => {
    const service = await startJwtTokenServer({ users: { ann: ANN.password } });
    stops.push(() => service.close());
    const url = await protectedBy({ token: service });
    const error = await failureOf(scanOnce(url, { secret: SECRET }));
    expect([error.code, error.message]).toEqual([
      'REMOTE_AUTH_FAILED',
      expect.stringContaining("not the registry's own host"),
    ]);
    expect(service.asked).toEqual([]);
  });
});
