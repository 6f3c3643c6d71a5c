import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject, Tag } from '#core';
import { aResource, aTag, runScan, storedTarget, testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const UNIT = { scope: 'acme', resourceType: 'repository' };
const ALL = { first: 200, after: null };

let server: TestDatabase;
let database: PostgresDatabase;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

async function scan(repositories: Readonly<Record<string, readonly Tag[]>>, facts: JsonObject = {}, id = '') {
  const targetId = id === '' ? (await storedTarget(database, { platform: 'registry' })).id : id;
  const resources = Object.entries(repositories).map(([name, tags]) =>
    aResource(name, tags, { ...UNIT, facts }),
  );
  await runScan(database, { targetId, units: [{ unit: UNIT, resources }] });
  return targetId;
}
async function resourcesOf(targetId: string) {
  return (await database.readModels.resources({ targetIds: [targetId] }, ALL, null)).edges.map(
    ({ node }) => node,
  );
}

describe('digests of resources', () => {
  it('are those of present tags, each once and in order', async () => {
    const tags = ['b', 'a', 'c', 'a'].map((digest, n) => aTag(`v${n}`, null, `sha256:${digest}`));
    const targetId = await scan({ one: [...tags, aTag('label')], two: [], three: tags.slice(0, 1) });
    await scan({ one: [...tags.slice(0, 2), aTag('label')], two: [], three: tags.slice(0, 1) }, {}, targetId);
    const [one = '', two = '', three = ''] = (await resourcesOf(targetId)).map(({ id }) => id);

    const found = await database.readModels.digestsOfResources([one, two, three, '0', 'no id']);
    expect(found.get(one)).toEqual(['sha256:a', 'sha256:b']);
    expect(found.get(two)).toEqual([]);
    expect(found.get(three)).toEqual(['sha256:b']);
    expect([...found.keys()].sort()).toEqual([one, two, three, '0'].sort());
  });

  it('are the first 200 of many', async () => {
    const digest = (n: number) => `sha256:${String(n).padStart(4, '0')}`;
    const targetId = await scan({
      many: Array.from({ length: 450 }, (_, n) => aTag(`v${n}`, null, digest(449 - n))),
    });
    const [many] = await resourcesOf(targetId);

    const found = await database.readModels.digestsOfResources([many?.id ?? '']);
    expect(found.get(many?.id ?? '')).toEqual(Array.from({ length: 200 }, (_, n) => digest(n)));
  });
});

describe('numbers of resources', () => {
  it('are those that the platform gave, and stay when it does not say', async () => {
    const numbers = async (id: string) =>
      (await resourcesOf(id)).map(({ bytes, layers, containers, manifests, children }) => ({
        bytes,
        layers,
        containers,
        manifests,
        children,
      }));
    const none = { bytes: null, layers: null, containers: null, manifests: null, children: null };
    const id = await scan({ app: [] }, { state: 'running', bytes: 'much', children: -1, layers: 1.5 });
    expect(await numbers(id)).toEqual([none]);
    await scan({ app: [] }, { bytes: 5_000_000_000, manifests: 3 }, id);
    await scan({ app: [] }, {}, id);
    expect(await numbers(id)).toEqual([{ ...none, bytes: 5_000_000_000, manifests: 3 }]);
    await scan({ app: [] }, { manifests: 0, children: 2 }, id);
    expect(await numbers(id)).toEqual([{ ...none, bytes: 5_000_000_000, manifests: 0, children: 2 }]);
  });
});

describe('manifests by digest', () => {
  const IMAGE = {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactType: 'application/x',
    createdAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    bytes: 5_000_000_000,
    layers: 7,
    platform: 'linux/amd64',
    children: null,
    subject: 'sha256:about',
  };
  const child = (digest: string, platform: string | null) => ({ digest, mediaType: 'x', platform, bytes: 1 });
  const index = (...children: ReturnType<typeof child>[]): JsonObject => ({
    mediaType: 'application/vnd.oci.image.index.v1+json',
    createdAt: null,
    bytes: 0,
    layers: 0,
    platform: null,
    children,
  });
  const stored = (facts: Readonly<Record<string, JsonObject>>) =>
    database.stores.content.put(new Map(Object.entries(facts)));

  it('say what was read', async () => {
    await stored({ 'sha256:image': IMAGE });

    expect(await database.readModels.manifestsByDigest(['sha256:none', 'sha256:image'])).toEqual(
      new Map([
        [
          'sha256:image',
          {
            digest: 'sha256:image',
            mediaType: IMAGE.mediaType,
            artifactType: 'application/x',
            createdAt: new Date('2026-01-02T03:04:05Z'),
            bytes: 5_000_000_000,
            layers: 7,
            platforms: ['linux/amd64'],
            children: [],
            subject: 'sha256:about',
          },
        ],
      ]),
    );
  });

  it('say of an index what its manifests say together, and nothing that one of them does not say', async () => {
    const later = { ...IMAGE, createdAt: Date.UTC(2026, 5, 1), platform: 'linux/arm64' };
    await stored({
      'sha256:a': IMAGE,
      'sha256:b': later,
      'sha256:index': index(child('sha256:a', 'linux/amd64'), child('sha256:b', 'linux/arm64')),
      'sha256:outer': index(child('sha256:index', null)),
      'sha256:torn': index(child('sha256:a', 'linux/amd64'), child('sha256:gone', 'linux/s390x')),
    });

    const found = await database.readModels.manifestsByDigest([
      'sha256:index',
      'sha256:outer',
      'sha256:torn',
    ]);

    const whole = { bytes: 10_000_000_000, layers: 14, createdAt: new Date('2026-06-01') };
    expect(found.get('sha256:index')).toMatchObject({ ...whole, platforms: ['linux/amd64', 'linux/arm64'] });
    expect(found.get('sha256:outer')).toMatchObject({ ...whole, children: ['sha256:index'] });
    expect(found.get('sha256:torn')).toMatchObject({
      bytes: null,
      layers: null,
      createdAt: new Date(IMAGE.createdAt),
    });
    expect(found.has('sha256:a')).toBe(false);
  });

  it('cost no more for an index that names one manifest a thousand times, in three levels', async () => {
    const many = (digest: string) => index(...Array.from({ length: 1_000 }, () => child(digest, null)));
    await stored({
      'sha256:n0': many('sha256:n1'),
      'sha256:n1': many('sha256:n2'),
      'sha256:n2': many('sha256:a'),
    });
    const began = performance.now();

    await database.readModels.manifestsByDigest(['sha256:n0']);

    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it.each<[string, JsonObject | null]>([
    ['nothing else', {}],
    ['another kind', { artifactType: 1, createdAt: '7', bytes: '1', layers: null, platform: 5, subject: {} }],
    ['what cannot be', { createdAt: 1e16, bytes: -1, layers: 2 ** 31, children: 'x' }],
    ['no media type', null],
  ])('take what is of no use (%s) for not known', async (what, facts) => {
    const digest = `sha256:${what}`;
    await stored({ [digest]: facts === null ? { tree: 'x' } : { mediaType: 'm', ...facts } });

    expect((await database.readModels.manifestsByDigest([digest])).get(digest)).toEqual(
      facts === null
        ? undefined
        : {
            digest,
            mediaType: 'm',
            artifactType: null,
            createdAt: null,
            bytes: null,
            layers: null,
            platforms: [],
            children: [],
            subject: null,
          },
    );
  });
});

it('tags are limited to those that point at a digest', async () => {
  const sibling = aTag('v1', null, 'sha256:twin');
  const targetId = await scan({
    one: [sibling, aTag('latest', null, 'sha256:twin')],
    two: [aTag('v2', null, 'sha256:x')],
  });
  const tags = async (digest: string) =>
    (await database.readModels.tags({ targetIds: [targetId], digest }, ALL, null)).edges.map(
      ({ node }) => node.name,
    );

  expect(await tags('sha256:twin')).toEqual(['v1', 'latest']);
  expect(await tags('sha256:none')).toEqual([]);
  await scan({ one: [sibling], two: [] }, {}, targetId);
  expect(await tags('sha256:twin')).toEqual(['v1']);
});
