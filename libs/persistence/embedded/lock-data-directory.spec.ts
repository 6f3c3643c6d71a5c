import { mkdtemp, rm, stat } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HygieneError } from '#core';
import { startSource } from '#testing';
import { lockDataDirectory } from './lock-data-directory.js';

const HOLDER = `
import { lockDataDirectory } from './lock-data-directory.js';
await lockDataDirectory(process.env.FOLDER);
console.log('locked');
setInterval(() => undefined, 1000);`;

describe('lockDataDirectory', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lock-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('refuses a second process and names the first, until that one is killed', async () => {
    const holder = startSource(import.meta.url, HOLDER, { env: { FOLDER: folder } });
    expect(await holder.nextLine()).toBe('locked');

    const refusal = await lockDataDirectory(folder).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(HygieneError);
    expect(refusal).toMatchObject({
      code: 'DATA_DIRECTORY_IN_USE',
      details: { pid: holder.pid, host: hostname() },
    });
    expect(String(refusal)).toContain(`process ${holder.pid}`);

    holder.kill('SIGKILL');
    expect(await holder.ended).toBe('SIGKILL');
    const lock = await lockDataDirectory(folder);
    await lock.release();
  });

  it('lets exactly one of many through, within a process too, and opens again on release', async () => {
    const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataDirectory(folder)));
    const locks = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    expect(locks).toHaveLength(1);

    await locks[0]?.release();
    await locks[0]?.release();
    await (await lockDataDirectory(folder)).release();
  });

  it('makes a folder that others cannot list', async () => {
    const lock = await lockDataDirectory(join(folder, 'a', 'b'));
    expect((await stat(join(folder, 'a', 'b'))).mode & 0o067).toBe(0);
    await lock.release();
  });

  it('says what to mend when the path is no folder', async () => {
    await expect(lockDataDirectory('/dev/null')).rejects.toMatchObject({ code: 'DATA_DIRECTORY_INVALID' });
  });
});
