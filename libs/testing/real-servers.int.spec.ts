import { Redis } from 'ioredis';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { realProgram, realServer } from './real-servers.js';

const server = await realServer('redis', {
  spec: import.meta.url,
  parameters: ['--maxmemory-policy', 'allkeys-lru'],
});

afterEach(() => {
  vi.unstubAllEnvs();
});

it.runIf(server)('starts a server of its own, which is gone after stop', async () => {
  const redis = new Redis(server?.url ?? '', { retryStrategy: () => null });

  expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'allkeys-lru']);

  const ended = new Promise((resolve) => redis.once('end', resolve));
  redis.on('error', () => undefined);
  await server?.stop();
  await ended;
  expect(() => process.kill(server?.pid ?? 0, 0)).toThrow('ESRCH');
});

it('lists a spec whose server is not installed, and throws where none may be missing', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'no-programs-'));
  const options = {
    spec: import.meta.url,
    folders: [empty],
    notRunFile: join(empty, 'cache', 'not-run.jsonl'),
  };
  vi.stubEnv('TAGWARD_REQUIRE_SERVERS', '');

  expect(await realServer('redis', options)).toBeNull();
  expect(readFileSync(options.notRunFile, 'utf8')).toBe(
    '{"server":"redis","spec":"libs/testing/real-servers.int.spec.ts"}\n',
  );

  vi.stubEnv('TAGWARD_REQUIRE_SERVERS', '1');
  await expect(realServer('redis', options)).rejects.toThrow(/apt-get install redis-server/);
  rmSync(empty, { recursive: true });
});

it('finds a program for a test that starts it, and lists the spec when it is not installed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'programs-'));
  const options = { spec: import.meta.url, folders: [folder], notRunFile: join(folder, 'not-run.jsonl') };
  vi.stubEnv('TAGWARD_REQUIRE_SERVERS', '');

  expect(await realProgram('chromium', options)).toBeNull();
  expect(readFileSync(options.notRunFile, 'utf8')).toContain('"server":"chromium"');

  writeFileSync(join(folder, 'chromium'), '');
  expect(await realProgram('chromium', options)).toBe(join(folder, 'chromium'));
  rmSync(folder, { recursive: true });
});
