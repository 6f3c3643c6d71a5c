import { join } from 'node:path';
import {
  imageManifest,
  startRegistrySandbox,
  type RegistryFaultRequest,
  type RegistrySandbox,
  type RepositoryContent,
} from '#testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Client } from './support/client.js';
import { readTags } from './support/pointers.js';
import { startService, temporaryDirectory, type Started } from './support/service.js';

const LOGIN = { username: 'reader', password: 'canary-of-a-hostile-registry' };
const TAGS = 30;
/** What a scan may take at the most, whatever the registry does. */
const SOON_MS = 30_000;

function repository(name: string): RepositoryContent {
  const tags = Array.from({ length: TAGS }, (_, n) => [
    `1.${n}`,
    imageManifest({ layers: [`${name} ${n}`], created: new Date(Date.UTC(2026, 0, 1 + n)) }),
  ]);
  return { tags: Object.fromEntries(tags) };
}

describe('a registry that was honest yesterday', () => {
  let registry: RegistrySandbox;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let service: Started;
  let client: Client;
  let target: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    const repositories = { 'acme/app': repository('app'), 'acme/other': repository('other') };
    registry = await startRegistrySandbox({
      repositories,
      auth: { kind: 'token', users: { [LOGIN.username]: LOGIN.password } },
    });
    service = await startService({
      dataDir: join(directory.path, 'data'),
      env: { TAGWARD_OUTBOUND_ALLOW: '127.0.0.0/8' },
    });
    client = new Client(service.url);
    const pack = `pack: p
rules: [{ id: dots, kind: name-pattern, on: { platforms: [registry] }, mustNot: { glob: '*' }, severity: low }]
`;
    await client.rest('PUT', '/rule-packs/p', pack);
    const made = await client.rest('POST', '/credentials', { name: 'r', kind: 'BASIC', secret: LOGIN });
    const { body } = await client.rest('POST', '/targets', {
      name: 'hostile',
      credentialId: made.body.id,
      registry: { url: registry.url },
    });
    target = body.id;
    expect(await client.scan(target)).toMatchObject({ status: 'SUCCEEDED', tags: 2 * TAGS });
  });
  afterEach(() => registry.faults.clear());
  afterAll(async () => {
    await service.stop();
    await registry.close();
    await directory.remove();
  });

  const APP = '/v2/acme/app/';

  it.each<[string, RegistryFaultRequest]>([
    ['H12: gives new tags for ever', { kind: 'endless-tags', path: APP }],
    ['H12: links a page to itself', { kind: 'link', link: 'self', path: `${APP}tags` }],
    ['H12: links in a circle', { kind: 'link', link: 'circle', path: `${APP}tags` }],
    ['H11: links to another host', { kind: 'link', link: 'cross-origin', path: `${APP}tags` }],
    ['H14: lists names that are none', { kind: 'bad-tags', path: APP }],
    [
      'H15: says another digest',
      { kind: 'wrong-digest-header', path: `${APP}manifests`, digest: 'sha256:zz' },
    ],
    ['H16: sends a list without end', { kind: 'huge', path: `${APP}tags`, bytes: 256 * 1_048_576 }],
    [
      'H17: sends a list that unpacks to more',
      { kind: 'gzip-bomb', path: `${APP}tags`, bytes: 256 * 1_048_576 },
    ],
    ['H21: sends a page for people', { kind: 'html', path: `${APP}tags` }],
    ['answers with faults', { kind: 'error', path: APP, status: 500 }],
    ['forgets a part of the list', { kind: 'truncate', path: `${APP}tags` }],
    ['H22: lists nothing', { kind: 'empty-list', path: `${APP}tags`, times: 1 }],
  ])('%s: that repository is not read, nothing of it is gone, the other is current', async (_what, fault) => {
    const before = await readTags(client, target);
    const injected = registry.faults.inject(fault);
    const began = performance.now();

    const scan = await client.scan(target);

    expect(injected.fired).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(SOON_MS);
    expect(scan.status).toBe('PARTIAL');
    expect(scan.errors).toMatchObject([
      { scope: 'acme/app', code: expect.stringMatching(/^(REMOTE_|IMPLAUSIBLE_)/) },
    ]);
    expect(scan.counts).toMatchObject({ open: 2 * TAGS, new: 0, resolved: 0 });
    expect(await readTags(client, target)).toEqual(before);
    expect(JSON.stringify(scan)).not.toContain('canary');
  });

  it.each<[string, RegistryFaultRequest]>([
    ['H6: sends us elsewhere for a token', { kind: 'challenge', challenge: 'foreign-realm' }],
    ['H7: names no token service', { kind: 'challenge', challenge: 'no-realm' }],
    ['H7: makes two challenges', { kind: 'challenge', challenge: 'two' }],
  ])('%s: the password goes nowhere, and the scan says why it failed', async (_what, fault) => {
    const asked = registry.tokenRequests.length;
    const injected = registry.faults.inject(fault);

    const scan = await client.scan(target);

    expect(injected.fired).toBeGreaterThan(0);
    expect(scan).toMatchObject({ status: 'FAILED', errors: [{ scope: null }] });
    expect(registry.tokenRequests).toHaveLength(asked);
    expect(JSON.stringify(registry.elsewhere.requests)).not.toContain('uthorization');
    expect(await readTags(client, target)).toHaveLength(2 * TAGS);
  });
});
