import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSyncOptions } from './options.js';

const SECRET = 'twd_secret-0123456789';
const environment = { url: null, token: SECRET };

describe('the options of sync', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagward-cli-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('have defaults', async () => {
    expect(await readSyncOptions(['-f', 'rules'], environment)).toEqual({
      place: 'rules',
      url: new URL('http://127.0.0.1:3000'),
      token: SECRET,
      prune: { rest: false, targets: false },
      dryRun: false,
      exitCode: false,
      json: false,
      timeoutMs: 30_000,
    });
  });

  it('win over the environment', async () => {
    const file = join(folder, 'token');
    await writeFile(file, 'twd_file\n');
    const args = ['--file=rules', '--url', 'https://new.example.com/tagward/', '--token-file', file];

    const options = await readSyncOptions(args, { url: 'https://old.example.com', token: SECRET });

    expect([options.url.href, options.token]).toEqual(['https://new.example.com/tagward/', 'twd_file']);
  });

  it.each([
    [[], 'Name the directory'],
    [['-f', ''], 'Name the directory'],
    [['-f', 'x', '--token', SECRET], 'does not belong on the command line'],
    [['-f', 'x', '--frobnicate'], 'Unknown option'],
    [['-f', 'x', 'y'], 'Unexpected argument'],
    [['-f', 'x', '--exit-code'], '--exit-code goes with --dry-run'],
    [['-f', 'x', '--url', 'ftp://x'], 'The URL of the service is like'],
    [['-f', 'x', '--url', `https://u:${SECRET}@x`], 'user name or password'],
    [['-f', 'x', '--timeout', '0'], '--timeout is a whole number'],
    [['-f', 'x', '--timeout', 'soon'], '--timeout is a whole number'],
    [['-f', 'x', '--token-file', '/nowhere/token'], '/nowhere/token cannot be read (ENOENT)'],
  ])('%j are refused, and no secret is repeated', async (args, words) => {
    const refused = await readSyncOptions(args, environment).catch((error: Error) => error);
    expect(refused).toMatchObject({ name: 'Failure', message: expect.stringContaining(words) });
    expect((refused as Error).message).not.toContain(SECRET);
  });

  it.each([null, ' ', 'two words', 'line\nline', 'ümlaut'])('refuse the token %j', async (token) => {
    await expect(readSyncOptions(['-f', 'x'], { url: null, token })).rejects.toThrow(/token/i);
  });
});
