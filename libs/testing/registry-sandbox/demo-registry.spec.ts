import { expect, it } from 'vitest';
import type { Manifest } from '../registry-content/index.js';
import { demoRegistry } from './demo-registry.js';
import { startRegistrySandbox } from './registry-sandbox.js';

const app = (newest?: Date) => demoRegistry(newest).repositories['acme/app']?.tags ?? {};
const digests = (tags: Readonly<Record<string, Manifest>>) =>
  Object.entries(tags).map(([tag, { digest }]) => [tag, digest]);

it('is the same at every call, with a dozen official images', () => {
  expect(digests(app())).toEqual(digests(app()));
  const names = Object.keys(demoRegistry().repositories);
  expect(names).toHaveLength(13);
  expect(names.filter((name) => name.startsWith('library/'))).toHaveLength(12);
});

it('has the faults that everybody knows', () => {
  const tags = app();
  expect(Object.keys(tags)).toEqual(
    expect.arrayContaining(['pr-123', 'tmp', 'wip-login', 'Latest', 'latest', 'nightly-20260630', 'no-date']),
  );
  expect(tags['v1.2.3']?.digest).toBe(tags['1.2.3']?.digest);
  expect(tags['Latest']?.digest).not.toBe(tags['latest']?.digest);
  expect(tags['latest']?.children).toHaveLength(4);
  expect(tags[`sha256-${tags['1.4.0']?.digest.slice(7)}.sig`]).toBeDefined();
  const nightlies = Object.keys(tags).filter((tag) => tag.startsWith('nightly-'));
  expect(nightlies).toHaveLength(420);
  expect(new Set(nightlies.map((tag) => tags[tag]?.digest)).size).toBe(420);
  expect(nightlies.at(-1)).toBe('nightly-20250507');
});

it('can end on another day', () => {
  const tags = app(new Date('2026-07-01T02:00:00Z'));
  expect(tags['nightly-20260701']).toBeDefined();
  expect(tags['nightly-20260630']?.digest).toBe(app()['nightly-20260630']?.digest);
});

it('lets in its own user', async () => {
  const { login, ...options } = demoRegistry();
  const sandbox = await startRegistrySandbox(options);
  const scope = 'repository:acme/app:pull';
  const authorization = `Basic ${btoa(`${login.username}:${login.password}`)}`;
  const given = await fetch(`${sandbox.url}/token?scope=${scope}`, { headers: { authorization } });
  const { token } = (await given.json()) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${sandbox.url}/v2/acme/app/tags/list`, { headers });
  expect(((await response.json()) as { tags: string[] }).tags).toHaveLength(Object.keys(app()).length);
  await sandbox.close();
});
