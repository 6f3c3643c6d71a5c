import { readdir } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Connector, type OpenRequest, type PointerFact, type Tag } from '#core';
import {
  findSshd,
  makeSshKey,
  rebuildRemote,
  runGit,
  startGitDaemon,
  startGitHttpBackend,
  startSshd,
  type GitDaemon,
  type GitHttpBackend,
  type SshKeyPair,
  type Sshd,
} from '#testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, openGit, readGit } from './testing-kit.fixture.js';

const FIXTURES = fileURLToPath(new URL('../../testing/fixtures/git-refs/', import.meta.url));
const LISTS = (await readdir(FIXTURES)).filter((name) => name.endsWith('.tsv'));
const sshdProgram = await findSshd(import.meta.url);
const root = mkdtempSync(join(tmpdir(), 'git-connector-'));
const remotes = join(root, 'remotes');
const cacheDirectory = join(root, 'cache');
const READER = { username: 'reader', password: 'a-password-of-the-tests' };
const { signal } = new AbortController();

beforeAll(async () => {
  for (const list of LISTS) await rebuildRemote(join(FIXTURES, list), join(remotes, `${bare(list)}.git`));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function bare(list: string): string {
  return list.replace('__', '-').replace('.tsv', '');
}

const open = (url: string, secret: OpenRequest['secret'] = null): Promise<Connector> =>
  openGit(url, cacheDirectory, secret);

async function readOnce(
  url: string,
  secret: OpenRequest['secret'] = null,
  facts: readonly PointerFact[] = [],
): Promise<readonly Tag[]> {
  const connector = await open(url, secret);
  try {
    const { errors, resource } = await readGit(connector, { facts: new Set(facts) });
    expect(errors).toEqual([]);
    return [...resource.tags];
  } finally {
    await connector.close();
  }
}

interface Line {
  readonly name: string;
  readonly id: string;
  readonly annotated: boolean;
  readonly peeled: string;
  readonly date: number | null;
}

/** What git itself says of a repository. */
async function byGit(repository: string): Promise<Line[]> {
  const format = ['%(refname)', '%(objectname)', '%(objecttype)', '%(*objectname)', '%(creatordate:unix)'];
  const args = ['for-each-ref', `--format=${format.join('%09')}`, 'refs/tags/'];
  const output = await runGit(['-C', repository, ...args]);
  return output
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [ref = '', id = '', type = '', peeled = '', date = ''] = line.split('\t');
      const annotated = type === 'tag';
      return { name: ref.slice(10), id, annotated, peeled: annotated ? peeled : id, date: Number(date) };
    });
}

const asLines = (tags: readonly Tag[]): Line[] =>
  tags.map(({ name, digest, pointer, createdAt }) => ({
    name,
    id: digest ?? '',
    annotated: pointer?.annotated ?? false,
    peeled: pointer?.peeled ?? '',
    date: createdAt === null ? null : createdAt.getTime() / 1_000,
  }));

const undated = (lines: readonly Line[]): Line[] => lines.map((line) => ({ ...line, date: null }));
const byName = (lines: readonly Line[]): Line[] => [...lines].sort((a, b) => (a.name < b.name ? -1 : 1));

async function expectSame(tags: readonly Tag[], repository: string, dated: boolean): Promise<void> {
  const expected = await byGit(repository);
  expect(expected.length).toBeGreaterThan(0);
  expect(byName(asLines(tags))).toEqual(byName(dated ? expected : undated(expected)));
}

describe('over git http-backend', () => {
  let server: GitHttpBackend;
  beforeAll(async () => {
    server = await startGitHttpBackend({ root: remotes });
  });
  afterAll(() => server.close());

  it.each(LISTS)('reads names, kinds, ids and dates of %s as git tells them', async (list) => {
    const url = `${server.url}/${bare(list)}.git`;
    const repository = join(remotes, `${bare(list)}.git`);
    await expectSame(await readOnce(url), repository, false);
    await expectSame(await readOnce(url, null, ['created']), repository, true);
  });

  it('takes protocol 0 where the server has no other', async () => {
    const old = await startGitHttpBackend({ root: remotes, protocol0: true });
    try {
      const url = `${old.url}/etcd-io-etcd.git`;
      await expectSame(await readOnce(url, null, ['created']), join(remotes, 'etcd-io-etcd.git'), true);
      const connector = await open(url);
      const { capabilities } = await connector.health(signal);
      expect(capabilities.find(({ name }) => name === 'list')?.detail).toBe('protocol 0');
      await connector.close();
    } finally {
      await old.close();
    }
  });

  it('reads with a password, a token or a bearer token as the server wants it', async () => {
    const closed = await startGitHttpBackend({ root: remotes, basic: READER });
    const forge = await startGitHttpBackend({
      root: remotes,
      basic: { username: 'x-access-token', password: 'a-token-of-the-tests' },
    });
    try {
      const repository = join(remotes, 'curl-curl.git');
      const basic = await readOnce(`${closed.url}/curl-curl.git`, { kind: 'BASIC', values: READER }, [
        'created',
      ]);
      await expectSame(basic, repository, true);
      const token = { kind: 'FORGE_TOKEN', values: { token: 'a-token-of-the-tests' } } as const;
      await expectSame(await readOnce(`${forge.url}/curl-curl.git`, token, ['created']), repository, true);
      const wrong = await failureOf(readOnce(`${closed.url}/curl-curl.git`, token));
      expect(wrong.code).toBe('REMOTE_AUTH_FAILED');
      expect((await failureOf(readOnce(`${closed.url}/curl-curl.git`))).message).toContain(
        'asks for a credential',
      );
    } finally {
      await closed.close();
      await forge.close();
    }
  });

  it('says that there is no such repository', async () => {
    const error = await failureOf(readOnce(`${server.url}/nothing.git`));
    expect(error.code).toBe('REMOTE_FORBIDDEN');
    expect(error.message).toContain('There is no repository at');
  });
});

describe('over git daemon', () => {
  let daemon: GitDaemon;
  beforeAll(async () => {
    daemon = await startGitDaemon({ root: remotes });
  });
  afterAll(() => daemon.close());

  it.each(LISTS)('reads names, kinds, ids and dates of %s as git tells them', async (list) => {
    const tags = await readOnce(`${daemon.url}/${bare(list)}.git`, null, ['created']);
    await expectSame(tags, join(remotes, `${bare(list)}.git`), true);
  });

  it('says that there is no such repository', async () => {
    const error = await failureOf(readOnce(`${daemon.url}/nothing.git`));
    expect(error).toMatchObject({ code: 'REMOTE_FORBIDDEN', retryable: false });
  });
});

describe('from a folder of this machine', () => {
  it.each(LISTS)(
    'reads names, kinds and ids of %s, and no dates where the repository gives no filter',
    async (list) => {
      const repository = join(remotes, `${bare(list)}.git`);
      await expectSame(await readOnce(`file://${repository}`), repository, false);
      const connector = await open(`file://${repository}`);
      const { events, errors, resource } = await readGit(connector, { facts: new Set(['created']) });
      await connector.close();
      await expectSame([...resource.tags], repository, false);
      expect(errors).toMatchObject([
        { code: 'OPERATION_UNSUPPORTED', scope: repository.slice(1, -4), retryable: false },
      ]);
      expect(events.some(({ type }) => type === 'complete')).toBe(true);
    },
  );

  it('reads dates where the repository lets objects be left out', async () => {
    const repository = join(root, 'filtered.git');
    await rebuildRemote(join(FIXTURES, LISTS[0] ?? ''), repository);
    await runGit(['-C', repository, 'config', 'uploadpack.allowFilter', 'true']);
    await expectSame(await readOnce(`file://${repository}`, null, ['created']), repository, true);
  });

  it('says that there is no repository', async () => {
    const error = await failureOf(readOnce(`file://${root}/nothing.git`));
    expect(error.code).toBe('REMOTE_FORBIDDEN');
  });
});

describe.runIf(sshdProgram !== null)('over ssh', () => {
  const servers: Sshd[] = [];
  let key: SshKeyPair;
  let locked: SshKeyPair;
  let stranger: SshKeyPair;
  let sshd: Sshd;
  let old: Sshd;
  beforeAll(async () => {
    key = await makeSshKey(join(root, 'key'));
    locked = await makeSshKey(join(root, 'locked'), 'a phrase of the tests');
    stranger = await makeSshKey(join(root, 'stranger'));
    const program = sshdProgram ?? '';
    const authorized = [key, locked];
    sshd = await startSshd({ program, folder: join(root, 'sshd'), authorized });
    old = await startSshd({ program, folder: join(root, 'sshd-old'), authorized, protocol2: false });
    servers.push(sshd, old);
    for (const list of LISTS)
      await runGit(['-C', join(remotes, `${bare(list)}.git`), 'config', 'uploadpack.allowFilter', 'true']);
  });
  afterAll(async () => {
    for (const server of servers) await server.close();
  });

  const urlOf = (server: Sshd, list: string): string =>
    `ssh://${server.user}@127.0.0.1:${server.port}${join(remotes, `${bare(list)}.git`)}`;
  const secretOf = (
    server: Sshd,
    pair: SshKeyPair,
    more: Record<string, string> = {},
  ): OpenRequest['secret'] => ({
    kind: 'SSH_KEY',
    values: { privateKey: pair.privateKey, knownHosts: server.knownHosts, ...more },
  });

  it.each(LISTS)('reads names, kinds, ids and dates of %s as git tells them', async (list) => {
    const tags = await readOnce(urlOf(sshd, list), secretOf(sshd, key), ['created']);
    await expectSame(tags, join(remotes, `${bare(list)}.git`), true);
  });

  it('uses a key with a passphrase, and refuses a wrong one', async () => {
    const [list = ''] = LISTS;
    const right = secretOf(sshd, locked, { passphrase: 'a phrase of the tests' });
    const tags = await readOnce(urlOf(sshd, list), right, ['created']);
    await expectSame(tags, join(remotes, `${bare(list)}.git`), true);
    const wrong = secretOf(sshd, locked, { passphrase: 'another phrase' });
    expect((await failureOf(readOnce(urlOf(sshd, list), wrong))).code).toBe('REMOTE_AUTH_FAILED');
    expect((await failureOf(readOnce(urlOf(sshd, list), secretOf(sshd, locked)))).code).toBe(
      'REMOTE_AUTH_FAILED',
    );
  });

  it('takes protocol 0 where the server passes no environment on', async () => {
    const [list = ''] = LISTS;
    const connector = await open(urlOf(old, list), secretOf(old, key));
    const { capabilities, identity } = await connector.health(signal);
    expect(capabilities.find(({ name }) => name === 'list')?.detail).toBe('protocol 0');
    expect(identity).toBe(`${old.user}@127.0.0.1`);
    await expectSame(
      [...(await readGit(connector)).resource.tags],
      join(remotes, `${bare(list)}.git`),
      false,
    );
    await connector.close();
  });

  it('G16: refuses a host key that is unknown or another than the pinned one, and names the host only', async () => {
    const [list = ''] = LISTS;
    const unknown = secretOf(sshd, key, { knownHosts: `example.com ${stranger.publicKey}` });
    const changed = secretOf(sshd, key, { knownHosts: `[127.0.0.1]:${sshd.port} ${stranger.publicKey}` });
    for (const secret of [unknown, changed]) {
      const error = await failureOf(readOnce(urlOf(sshd, list), secret));
      expect(error.code).toBe('REMOTE_AUTH_FAILED');
      expect(error.message).toContain('The host key of 127.0.0.1 is not one');
      expect(error.message).not.toMatch(/SHA256|AAAA|\/remotes\//);
    }
  });

  it('says that the key is refused, that there is no repository, that the key is none', async () => {
    const [list = ''] = LISTS;
    const refused = await failureOf(readOnce(urlOf(sshd, list), secretOf(sshd, stranger)));
    expect(refused.code).toBe('REMOTE_AUTH_FAILED');
    const missing = await failureOf(readOnce(`${urlOf(sshd, list)}-nothing`, secretOf(sshd, key)));
    expect(missing.code).toBe('REMOTE_FORBIDDEN');
    const broken = { privateKey: key.privateKey.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA') };
    const none = await failureOf(readOnce(urlOf(sshd, list), secretOf(sshd, key, broken)));
    expect(none.code).toBe('CREDENTIAL_INVALID');
  });

  it('says that nobody listens', async () => {
    const secret = secretOf(sshd, key, { knownHosts: `[127.0.0.1]:1 ${key.publicKey}` });
    const error = await failureOf(readOnce('ssh://git@127.0.0.1:1/x.git', secret));
    expect(error).toMatchObject({ code: 'REMOTE_UNREACHABLE', retryable: true });
  });
});
