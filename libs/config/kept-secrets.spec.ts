import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig, type Config } from './config.js';
import { loadAdminToken, loadSecretKey } from './kept-secrets.js';

describe('secrets kept in the data directory', () => {
  let config: Config;
  beforeEach(async () => {
    config = loadConfig({}, { TAGWARD_DATA_DIR: await mkdtemp(join(tmpdir(), 'kept-')) });
  });
  afterEach(async () => {
    await rm(config.dataDir, { recursive: true });
  });

  it('makes a token at the first start and gives the same one ever after, for the owner only', async () => {
    const first = await loadAdminToken(config);
    const second = await loadAdminToken(config);

    expect(first).toEqual({ text: expect.stringMatching(/^twd_[\w-]{43}$/), isNew: true });
    expect(second).toEqual({ text: first.text, isNew: false });
    expect((await stat(join(config.dataDir, 'admin.token'))).mode & 0o777).toBe(0o600);
  });

  it('makes one key, even when two starts race', async () => {
    const keys = await Promise.all([loadSecretKey(config), loadSecretKey(config), loadSecretKey(config)]);

    expect(keys[0]?.byteLength).toBe(32);
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  });

  it('refuses a file that others can read, and says how to mend it', async () => {
    await loadAdminToken(config);
    await chmod(join(config.dataDir, 'admin.token'), 0o644);

    await expect(loadAdminToken(config)).rejects.toThrow(/chmod 600/);
  });

  it('refuses a damaged key rather than make another', async () => {
    await writeFile(join(config.dataDir, 'secret.key'), 'garbage\n', { mode: 0o600 });

    await expect(loadSecretKey(config)).rejects.toThrow(/restore it from a backup/);
  });
});
