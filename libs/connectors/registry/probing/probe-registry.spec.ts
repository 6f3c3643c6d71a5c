import {
  imageManifest,
  startRegistrySandbox,
  type RegistrySandbox,
  type RegistrySandboxOptions,
} from '#testing';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf, openRegistry, scanOnce } from '../registry-session.fixture.js';

const REPOSITORIES = { 'acme/app': { tags: { a: imageManifest(), b: imageManifest(), c: imageManifest() } } };
const only = (...repositories: string[]) => ({ config: { repositories } });

const open: { close(): Promise<void> }[] = [];
async function sandbox(options: Partial<RegistrySandboxOptions> = {}): Promise<RegistrySandbox> {
  const started = await startRegistrySandbox({ repositories: REPOSITORIES, referrers: true, ...options });
  open.push(started);
  return started;
}
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

describe('health', () => {
  const probed = async (registry: RegistrySandbox, given: Parameters<typeof openRegistry>[1] = {}) => {
    const connector = await openRegistry(registry.url, given);
    const { capabilities } = await connector.health(new AbortController().signal);
    await connector.close();
    return Object.fromEntries(capabilities.map(({ name, supported }) => [name, supported]));
  };

  it('says what the registry can do', async () => {
    const able = await sandbox({ pageSize: 100, deletes: true, deleteByTag: true });
    expect(await probed(able)).toEqual({
      ...{ catalog: true, read: true, paging: true, referrers: true, delete: true, 'delete-by-tag': true },
    });
    const plain = await sandbox({ referrers: false });
    expect(await probed(plain)).toEqual({
      ...{
        catalog: true,
        read: true,
        paging: true,
        referrers: false,
        delete: false,
        'delete-by-tag': false,
      },
    });
    const digests = await sandbox({ deletes: true, catalog: false });
    expect(await probed(digests, only('acme/app'))).toMatchObject({
      read: true,
      delete: true,
      'delete-by-tag': false,
    });
  });

  it('deletes nothing, whatever it probes', async () => {
    const registry = await sandbox({ deletes: true, deleteByTag: true });
    const before = await scanOnce(registry.url);
    await probed(registry);
    const deletes = registry.requests.filter(({ method }) => method === 'DELETE');
    expect(deletes.map(({ path }) => path)).toEqual([
      expect.stringMatching(/\/manifests\/sha256:[0-9a-f]{64}$/),
      expect.stringMatching(/\/manifests\/tagward-probe-[0-9a-f]{32}$/),
    ]);
    expect(deletes.every(({ status }) => status === 404)).toBe(true);
    expect((await scanOnce(registry.url)).resources).toEqual(before.resources);
  });

  it('does not ask to delete without a credential where one is asked for', async () => {
    const registry = await sandbox({
      auth: { kind: 'token', users: {}, anonymousPull: true },
      deletes: true,
    });
    expect(await probed(registry, only('acme/app'))).toMatchObject({ read: true, delete: false });
    expect(registry.stats.count(/^DELETE/)).toBe(0);
  });

  it('fails when nothing can be read, with what to do', async () => {
    const registry = await sandbox({ catalog: false });
    const error = await failureOf(probed(registry));
    expect(error.message).toContain('the catalog');
    const missing = await failureOf(probed(registry, only('acme/none')));
    expect(missing.code).toBe('NOT_FOUND');
  });
});
