import { isScoped, type JsonObject, type TagList } from '#core';
import { memoryContentFacts } from '#connector-kit';
import {
  attestation,
  cosignSignature,
  cosignTag,
  descriptorOf,
  imageIndex,
  imageManifest,
  referrer,
  startRegistrySandbox,
  type RegistrySandbox,
  type RegistrySandboxOptions,
} from '#testing';
import { afterEach, describe, expect, it } from 'vitest';
import {
  DATES,
  failureOf,
  openRegistry,
  scan,
  scanOnce,
  startRaw,
  unread,
} from './registry-session.fixture.js';

const OLD = '2024-01-01T00:00:00.000Z';
const NEW = '2025-02-03T04:05:06.000Z';
const amd = imageManifest({ layers: ['a'], created: OLD });
const arm = imageManifest({
  layers: ['a', 'b'],
  created: NEW,
  platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
});
const statement = attestation(amd.digest);
const multi = imageIndex([amd, arm, statement]);
const single = imageManifest({ layers: ['s'], created: OLD, style: 'docker' });
const undated = imageManifest({ layers: ['u'], created: null });
const annotated = imageManifest({
  ...{ layers: ['n'], created: null },
  annotations: { 'org.opencontainers.image.created': NEW },
});
const signature = cosignSignature(single.digest);
const sbom = referrer(descriptorOf(single));
const lonely = imageManifest({ layers: ['lonely'] });
const lost = `sha256:${'ab'.repeat(32)}`;

const APP = {
  tags: {
    ...{ '1.0': single, stable: single, multi, undated, annotated },
    [cosignTag(single.digest)]: signature,
    [cosignTag(lonely.digest)]: cosignSignature(lonely.digest),
    [cosignTag(lost)]: cosignSignature(lost),
  },
  extra: [lonely, sbom],
};
const REPOSITORIES = { 'acme/app': APP, 'acme/web': { tags: { latest: single } }, 'team/tool': { tags: {} } };

const open: { close(): Promise<void> }[] = [];
async function sandbox(options: Partial<RegistrySandboxOptions> = {}): Promise<RegistrySandbox> {
  const started = await startRegistrySandbox({ repositories: REPOSITORIES, referrers: true, ...options });
  open.push(started);
  return started;
}
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const only = (...repositories: string[]) => ({ config: { repositories } });
const named = (tags: TagList | undefined, name: string) => tags?.find((tag) => tag.name === name);

describe('reading a registry', () => {
  it('gives each tag its digest, date, children and sizes', async () => {
    const { resources, errors } = await scanOnce((await sandbox()).url, only('acme/app'));
    expect(errors).toEqual([]);
    const tags = resources[0]?.tags;
    const sizes = (blobs: ReadonlyMap<string, Buffer>) =>
      [...blobs.values()].reduce((sum, { length }) => sum + length, 0);
    expect(named(tags, '1.0')).toEqual({
      ...{ name: '1.0', value: null, digest: single.digest, createdAt: new Date(OLD) },
      pointer: { children: [], subject: null, bytes: sizes(single.blobs), layers: 1 },
    });
    expect(named(tags, 'multi')).toEqual({
      ...{ name: 'multi', value: null, digest: multi.digest, createdAt: new Date(NEW) },
      pointer: {
        children: [amd.digest, arm.digest, statement.digest],
        ...{ subject: null, layers: 2 },
        bytes: [amd, arm, statement].reduce((sum, { blobs }) => sum + sizes(blobs), 0),
      },
    });
    expect(named(tags, 'undated')?.createdAt).toBeNull();
    expect(named(tags, 'annotated')?.createdAt).toEqual(new Date(NEW));
  });

  it('shows what has no tag: children, subjects and referrers, with what holds them', async () => {
    const { resources } = await scanOnce((await sandbox()).url, only('acme/app'));
    const untagged = new Map(resources[0]?.untagged?.map((one) => [one.digest, one]));
    expect([...untagged.keys()].sort()).toEqual(
      [amd, arm, statement, lonely, sbom].map(({ digest }) => digest).sort(),
    );
    expect(untagged.get(arm.digest)).toMatchObject({ createdAt: new Date(NEW), heldBy: [multi.digest] });
    expect(untagged.get(sbom.digest)?.heldBy).toEqual([single.digest]);
    expect(untagged.get(lonely.digest)?.heldBy).toEqual([]);
    expect(untagged.has(lost)).toBe(false);
  });

  it('sees a subject, and what is about it, without a referrers API too', async () => {
    const repositories = { 'acme/app': { tags: { [sbom.digest.replace(':', '-')]: sbom }, extra: [single] } };
    const registry = await sandbox({ repositories, referrers: false });
    const { resources, errors } = await scanOnce(registry.url, only('acme/app'));
    expect(errors).toEqual([]);
    expect(resources[0]?.tags.at(0)?.pointer?.subject).toBe(single.digest);
    expect(resources[0]?.untagged).toMatchObject([{ digest: single.digest, heldBy: [] }]);
    expect(registry.stats.count(/referrers/)).toBe(1);
  });

  it('counts the repository in facts', async () => {
    const { resources } = await scanOnce((await sandbox()).url, only('acme/web'));
    const bytes = [...single.blobs.values()].reduce((sum, { length }) => sum + length, 0);
    expect(resources[0]?.facts).toEqual({ manifests: 1, children: 0, undated: 0, bytes });
  });

  it('fetches manifests whatever rules ask for', async () => {
    const registry = await sandbox();
    const { resources } = await scanOnce(registry.url, only('acme/app'), { facts: new Set() });
    expect(named(resources[0]?.tags, '1.0')?.createdAt).not.toBeNull();
    expect(named(resources[0]?.tags, '1.0')?.pointer?.layers).toBeGreaterThan(0);
    expect(resources[0]?.untagged).toBeUndefined();
  });

  it('fetches none that no rule asks for where that counts as a pull', async () => {
    const registry = await sandbox();
    const hub = { config: { repositories: ['acme/app'], flavor: 'ECR' as const } };
    const { resources } = await scanOnce(registry.url, hub, { facts: new Set() });
    expect(registry.stats.count(/^GET .*(manifests|blobs|referrers)/)).toBe(0);
    expect(resources[0]?.tags).toHaveLength(8);
    expect(named(resources[0]?.tags, '1.0')).toMatchObject({
      digest: single.digest,
      createdAt: null,
      pointer: {},
    });
    expect(resources[0]?.untagged).toBeUndefined();
  });

  it('fetches each manifest and configuration once ever: a repeat costs a list and a HEAD for each tag', async () => {
    const registry = await sandbox();
    const environment = { content: memoryContentFacts() };
    const first = await scanOnce(registry.url, { ...only('acme/app'), environment }, { facts: DATES });
    const distinct = new Set([
      ...(first.resources[0]?.tags.map(({ digest }) => digest) ?? []),
      amd.digest,
      arm.digest,
      statement.digest,
    ]);
    expect(registry.stats.count(/^GET .*manifests\//)).toBe(distinct.size);
    registry.stats.reset();
    const second = await scanOnce(registry.url, { ...only('acme/app'), environment }, { facts: DATES });
    expect(second.resources).toEqual(first.resources);
    expect(registry.stats.count(/^HEAD .*manifests\//)).toBe(8);
    expect(registry.stats.count()).toBe(9);
  });

  it('keeps what it fetched when the scan ends early', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [`v${n}`, imageManifest({ layers: [`${n}`] })]),
    );
    const registry = await sandbox({ repositories: { 'acme/app': { tags: many } } });
    const environment = { content: memoryContentFacts() };
    const read = () => scanOnce(registry.url, { ...only('acme/app'), environment }, { facts: DATES });
    const fault = registry.faults.inject({ kind: 'error', method: 'GET', path: /manifests/, after: 30 });
    unread(await read(), 'acme/app');
    expect(fault.fired).toBeGreaterThan(0);
    registry.faults.clear();
    registry.stats.reset();
    expect((await read()).errors).toEqual([]);
    expect(registry.stats.count(/^GET .*manifests/)).toBeLessThanOrEqual(12);
  });

  it('asks with GET where HEAD is not answered, and computes the digest that is not said', async () => {
    const registry = await startRaw(({ method, url }, response) => {
      if (url?.includes('/tags/list') === true) response.end('{"tags":["a","b"]}');
      else if (method === 'HEAD') response.writeHead(405).end();
      else if (url?.includes('/manifests/') === true)
        response.writeHead(200, { 'content-type': single.mediaType }).end(single.bytes);
      else response.end(single.blobs.get(url?.split('/blobs/')[1] ?? ''));
    });
    open.push(registry);
    const { resources, errors } = await scanOnce(registry.url, only('acme/app'), { facts: DATES });
    expect(errors).toEqual([]);
    expect(resources[0]?.tags.map(({ digest, createdAt }) => [digest, createdAt])).toEqual([
      [single.digest, new Date(OLD)],
      [single.digest, new Date(OLD)],
    ]);
  });

  it('always says which manifests it takes', async () => {
    const registry = await sandbox();
    await scanOnce(registry.url, only('acme/app'));
    const asked = registry.requests.filter(({ path }) => path.includes('/manifests/'));
    expect(asked.length).toBeGreaterThan(8);
    for (const { headers } of asked)
      expect(headers['accept']).toMatch(/oci.image.index.*docker.distribution.manifest.v2/);
  });
});

describe('a registry that changes while it is read', () => {
  /** Lists `stable` and `1.0`, and then what is said; has no manifest for `stable`. */
  const losing = (then: readonly string[]) => {
    const lists = [['stable', '1.0'], then];
    return startRaw(({ method, url }, response) => {
      const path = url ?? '';
      if (path.includes('/tags/list')) response.end(JSON.stringify({ tags: lists.shift() ?? then }));
      else if (path.includes('/blobs/')) response.end(single.blobs.get(path.split('/blobs/')[1] ?? ''));
      else if (path.endsWith('/stable') || path.includes('/referrers/')) response.writeHead(404).end();
      else if (method === 'HEAD') response.writeHead(200, { 'docker-content-digest': single.digest }).end();
      else response.writeHead(200, { 'content-type': single.mediaType }).end(single.bytes);
    });
  };

  it('loses a tag between list and look: the tag is gone', async () => {
    const registry = await losing(['1.0']);
    const { resources, errors, complete } = await scanOnce(registry.url, only('acme/app'));
    expect([errors, complete]).toEqual([[], ['acme/app']]);
    expect(resources[0]?.tags.map(({ name }) => name)).toEqual(['1.0']);
    await registry.close();
  });

  it('lists a tag that it has no manifest for: the repository is not read, and nothing of it is gone', async () => {
    const registry = await losing(['stable', '1.0']);
    const error = unread(await scanOnce(registry.url, only('acme/app')), 'acme/app');
    expect(error.message).toContain('with the tag stable, which it lists and has no manifest for');
    await registry.close();
  });

  it('moves a tag away from a manifest that goes: the tag is followed', async () => {
    let now = single;
    const registry = await startRaw(({ method, url }, response) => {
      const reference = url?.split('/manifests/')[1];
      if (url?.includes('/tags/list') === true) response.end('{"tags":["latest"]}');
      else if (url?.includes('/blobs/') === true) response.end(now.blobs.get(url.split('/blobs/')[1] ?? ''));
      else if (method === 'HEAD') response.writeHead(200, { 'docker-content-digest': now.digest }).end();
      else if (reference === single.digest) {
        now = amd;
        response.writeHead(404).end();
      } else response.writeHead(200, { 'content-type': amd.mediaType }).end(amd.bytes);
    });
    open.push(registry);
    const { resources, errors } = await scanOnce(registry.url, only('acme/app'), { facts: DATES });
    expect(errors).toEqual([]);
    expect(resources[0]?.tags).toMatchObject([
      { name: 'latest', digest: amd.digest, createdAt: new Date(OLD) },
    ]);
  });

  it('has a tag whose manifest is not there, again and again: the repository is not read', async () => {
    const registry = await sandbox();
    registry.faults.inject({
      kind: 'not-found',
      method: 'GET',
      path: `/v2/acme/web/manifests/${single.digest}`,
    });
    const { message } = unread(await scanOnce(registry.url, only('acme/web')), 'acme/web');
    expect(message).toContain('the tag latest, whose manifest it does not have');
  });

  it('has an index with a manifest that is not there: read all the same, and not invented', async () => {
    const broken = imageIndex([amd], { dangling: [{ mediaType: arm.mediaType, digest: lost, size: 7 }] });
    const registry = await sandbox({ repositories: { 'acme/app': { tags: { broken } } } });
    const { resources, errors, complete } = await scanOnce(registry.url, only('acme/app'));
    expect([errors, complete]).toEqual([[], ['acme/app']]);
    expect(resources[0]?.tags.at(0)?.pointer?.children).toEqual([amd.digest, lost]);
    expect(resources[0]?.untagged?.map(({ digest }) => digest)).toEqual([amd.digest]);
  });

  it('has an image whose configuration is not there: the date is unknown, and is asked for again next time', async () => {
    const registry = await sandbox();
    const environment = { content: memoryContentFacts() };
    registry.faults.inject({ kind: 'not-found', path: '/v2/acme/web/blobs/' });
    const first = await scanOnce(registry.url, { ...only('acme/web'), environment });
    expect([first.errors, first.resources[0]?.tags.at(0)?.createdAt]).toEqual([[], null]);
    expect((first.resources[0]?.facts as JsonObject)['undated']).toBe(1);
    registry.faults.clear();
    const second = await scanOnce(registry.url, { ...only('acme/web'), environment });
    expect(second.resources[0]?.tags.at(0)?.createdAt).toEqual(new Date(OLD));
  });
});

describe('which repositories', () => {
  const more = {
    ...REPOSITORIES,
    'acme/deep/app': { tags: {} },
    'tagward-quarantine/acme/app': { tags: { x: single } },
  };

  it('are read: names without the catalog, globs with it, without those excluded and without our quarantine', async () => {
    const registry = await sandbox({ repositories: more });
    const read = async (repositories?: string[], exclude?: string[]) => {
      const config = {
        ...(repositories === undefined ? {} : { repositories }),
        ...(exclude === undefined ? {} : { exclude }),
      };
      return (await scanOnce(registry.url, { config }, { facts: new Set() })).complete.toSorted();
    };
    expect(await read(['acme/app', 'acme/web'], ['acme/web'])).toEqual(['acme/app']);
    expect(registry.stats.count(/_catalog/)).toBe(0);
    expect(await read(['acme/*', 'team/tool'])).toEqual(['acme/app', 'acme/web', 'team/tool']);
    expect(await read(['acme/**'], ['**/web'])).toEqual(['acme/app', 'acme/deep/app']);
    expect(await read()).toEqual(['acme/app', 'acme/deep/app', 'acme/web', 'team/tool']);
  });

  it('are listed as scopes, and read one by one', async () => {
    const connector = await openRegistry((await sandbox({ pageSize: 2 })).url);
    expect(isScoped(connector)).toBe(true);
    const { signal } = new AbortController();
    const scopes: string[] = [];
    for await (const event of connector.listScopes(signal))
      if (event.type === 'scopes') scopes.push(...event.scopes);
    expect(scopes.sort()).toEqual(['acme/app', 'acme/web', 'team/tool']);
    const { events, complete, resources } = await scan(connector, { scopes: ['acme/web', 'gone/since'] });
    expect(complete.toSorted()).toEqual(['acme/web', 'gone/since']);
    expect(resources.map(({ scope }) => scope)).toEqual(['acme/web']);
    expect(events.some(({ type }) => type === 'all-scopes')).toBe(false);
    await connector.close();
  });

  it('are not left by a request: what the target does not have is not read', async () => {
    const registry = await sandbox();
    const { complete } = await scanOnce(registry.url, only('acme/*'), {
      resources: ['acme/web', 'team/tool', '../x'],
    });
    expect(complete).toEqual(['acme/web']);
    expect(registry.stats.count(/tool|\.\./)).toBe(0);
  });

  it('that are named and not there are an error; those of the catalog have no tags', async () => {
    const registry = await sandbox();
    expect(unread(await scanOnce(registry.url, only('acme/none', 'acme/web')), 'acme/none').code).toBe(
      'NOT_FOUND',
    );
    registry.faults.inject({ kind: 'not-found', path: '/v2/acme/web/tags' });
    const lists = await startRaw(({ url }, response) => {
      if (url?.startsWith('/v2/_catalog') === true) response.end('{"repositories":["blobs/only"]}');
      else response.writeHead(404).end('{"errors":[{"code":"NAME_UNKNOWN"}]}');
    });
    open.push(lists);
    const { complete, resources, errors } = await scanOnce(lists.url);
    expect([complete, resources, errors]).toEqual([['blobs/only'], [], []]);
  });
});

describe('a registry that fails', () => {
  it('in one repository leaves that one unread, and the rest is read', async () => {
    const registry = await sandbox();
    registry.faults.inject({ kind: 'error', path: '/v2/acme/app/manifests/stable', method: 'HEAD' });
    const result = await scanOnce(registry.url);
    expect(unread(result, 'acme/app')).toMatchObject({ code: 'REMOTE_FAULT', retryable: true });
    expect(result.complete.toSorted()).toEqual(['acme/web', 'team/tool']);
  });

  it('everywhere is asked five times, not for each repository', async () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`team/app-${n}`, { tags: {} }]));
    const registry = await sandbox({ repositories: many });
    const asked = () =>
      new Set(registry.requests.flatMap(({ path }) => /team\/app-\d+/.exec(path) ?? [])).size;
    registry.faults.inject({ kind: 'throttle', path: '/v2/team/', retryAfter: '600' });
    expect((await failureOf(scanOnce(registry.url))).code).toBe('REMOTE_THROTTLED');
    expect(asked()).toBeLessThan(15);
    registry.faults.clear();
    registry.faults.inject({ kind: 'throttle', path: '/v2/team/', retryAfter: '600', after: 20 });
    const { errors, complete, events } = await scanOnce(registry.url);
    expect(complete.length).toBeGreaterThan(10);
    expect(errors.at(-1)).toMatchObject({ code: 'REMOTE_THROTTLED', scope: null });
    expect(events.some(({ type }) => type === 'all-scopes')).toBe(false);
  });
});
