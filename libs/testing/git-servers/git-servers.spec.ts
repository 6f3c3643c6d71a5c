import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGitHttpBackend, type GitHttpBackend } from './http-backend.js';
import { parseRef, rebuildRemote } from './rebuild-remote.js';
import { runGit } from './run-git.js';

const LIST = fileURLToPath(new URL('../fixtures/git-refs/curl__curl.tsv', import.meta.url));

let root: string;
let server: GitHttpBackend | null = null;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'git-servers-'));
  await rebuildRemote(LIST, join(root, 'curl.git'));
});
afterEach(async () => {
  await server?.close();
  server = null;
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('a rebuilt remote', () => {
  it('has every tag of the list, of its kind and date, and nothing else', async () => {
    const given = (await readFile(LIST, 'utf8')).trimEnd().split('\n').map(parseRef);
    const format = '--format=%(refname:lstrip=2) %(objecttype) %(creatordate:unix)';
    const read = await runGit(['-C', join(root, 'curl.git'), 'for-each-ref', format, 'refs/tags/']);
    const expected = given.map(
      ({ name, annotated, date }) => `${name} ${annotated ? 'tag' : 'commit'} ${date}`,
    );
    expect(read.trimEnd().split('\n').sort()).toEqual(expected.sort());
  });

  it('refuses a line that is none of a list', async () => {
    await expect(rebuildRemote(['refs/heads/main\tcommit\tab\t\t1'], join(root, 'bad'))).rejects.toThrow(
      'no line of a list',
    );
  });
});

describe('the http backend', () => {
  it('serves git, and a wrong password nothing', async () => {
    server = await startGitHttpBackend({ root, basic: { username: 'reader', password: 'a-password' } });
    const { host } = new URL(server.url);
    const list = async (password: string): Promise<string> =>
      runGit(['ls-remote', '--tags', `http://reader:${password}@${host}/curl.git`]);
    expect(await list('a-password')).toBe(await runGit(['ls-remote', '--tags', join(root, 'curl.git')]));
    await expect(list('another')).rejects.toThrow('Authentication failed');
    expect(server.requests.some(({ method, authorized }) => method === 'POST' && authorized)).toBe(true);
  });

  it('speaks protocol 2 or, when told so, only protocol 0', async () => {
    for (const protocol0 of [false, true]) {
      server = await startGitHttpBackend({ root, protocol0 });
      const reply = await fetch(`${server.url}/curl.git/info/refs?service=git-upload-pack`, {
        headers: { 'git-protocol': 'version=2' },
      });
      expect((await reply.text()).includes('version 2')).toBe(!protocol0);
      await server.close();
    }
  });
});
