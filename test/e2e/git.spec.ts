import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  findSshd,
  makeSshKey,
  rebuildRemote,
  runGit,
  startGitDaemon,
  startGitHttpBackend,
  startSshd,
  type GitHttpBackend,
} from '#testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from './support/client.js';
import { readTags, type ReadTag } from './support/pointers.js';
import { startService, temporaryDirectory, type Started } from './support/service.js';

const LISTS = fileURLToPath(new URL('../../libs/testing/fixtures/git-refs/', import.meta.url));
const LOGIN = { username: 'reader', password: 'canary-git-password' };
const PACK = `pack: refs
rules:
  - { id: moved, kind: moved-tag, on: { platforms: [git] }, severity: critical }
  - { id: light, kind: lightweight-tag, on: { platforms: [git], tags: [{ prefix: v }] }, severity: info }
  - { id: old, kind: temporary-name, on: { platforms: [git] }, names: [{ prefix: tmp }], olderThan: 14d, ageOf: created, severity: low }
`;

describe('git remotes', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let root: string;
  let git: GitHttpBackend;
  let service: Started;
  let client: Client;
  let credentialId: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    root = join(directory.path, 'git');
    for (const list of readdirSync(LISTS)) await rebuildRemote(join(LISTS, list), repository(list));
    git = await startGitHttpBackend({ root, basic: LOGIN });
    service = await startService({
      dataDir: join(directory.path, 'data'),
      env: { TAGWARD_OUTBOUND_ALLOW: '127.0.0.1' },
    });
    client = new Client(service.url);
    const made = await client.rest('POST', '/credentials', { name: 'git', kind: 'BASIC', secret: LOGIN });
    credentialId = made.body.id;
    await client.rest('PUT', '/rule-packs/refs', PACK);
  });
  afterAll(async () => {
    await service?.stop();
    await git?.close();
    await directory.remove();
  });

  function repository(list: string): string {
    return join(root, `${list.replace('.tsv', '').replace('__', '/')}.git`);
  }

  async function target(
    name: string,
    url: string,
    credential: string | null = credentialId,
  ): Promise<string> {
    const secret = credential === null ? {} : { credentialId: credential };
    const { status, body } = await client.rest('POST', '/targets', { name, ...secret, git: { url } });
    expect(body, JSON.stringify(body)).toMatchObject({ location: url });
    expect(status).toBe(201);
    return body.id;
  }

  /** What git itself says is there. */
  async function truth(path: string): Promise<ReadTag[]> {
    const format = '--format=%(refname:lstrip=2)%00%(objectname)%00%(*objectname)';
    const lines = (await runGit(['-C', path, 'for-each-ref', format, 'refs/tags/'])).trimEnd().split('\n');
    return lines.map((line) => {
      const [name = '', digest = '', peeled = ''] = line.split('\0');
      return { name, digest, peeled: peeled === '' ? digest : peeled, annotated: peeled !== '' };
    });
  }

  async function expectExactly(targetId: string, path: string): Promise<void> {
    const scan = await client.scan(targetId);
    expect(scan).toMatchObject({ status: 'SUCCEEDED', errors: [], resources: 1 });
    const read = await readTags(client, targetId);
    const expected = await truth(path);
    expect(scan.tags).toBe(expected.length);
    const byName = (a: ReadTag, b: ReadTag): number => (a.name < b.name ? -1 : 1);
    expect([...read].sort(byName)).toEqual(expected.sort(byName));
  }

  it.each(readdirSync(LISTS))(
    '%s comes through exactly: names, ids, peeled ids, annotated or not',
    async (list) => {
      const url = `${git.url}/${list.replace('.tsv', '').replace('__', '/')}.git`;
      await expectExactly(await target(list, url), repository(list));
    },
  );

  it('comes through git daemon', async () => {
    const daemon = await startGitDaemon({ root });
    try {
      const id = await target('over-git', `${daemon.url}/etcd-io/etcd.git`, null);
      await expectExactly(id, repository('etcd-io__etcd.tsv'));
    } finally {
      await daemon.close();
    }
  });

  it('comes through sshd, its host key pinned', async ({ skip }) => {
    const program = await findSshd(import.meta.url);
    if (program === null) return skip();
    const key = await makeSshKey(join(directory.path, 'key'), 'canary-passphrase');
    const sshd = await startSshd({ program, folder: join(directory.path, 'sshd'), authorized: [key] });
    try {
      const secret = {
        privateKey: key.privateKey,
        passphrase: 'canary-passphrase',
        knownHosts: sshd.knownHosts,
      };
      const made = await client.rest('POST', '/credentials', { name: 'ssh', kind: 'SSH_KEY', secret });
      const path = repository('redis__redis.tsv');
      await runGit(['-C', path, 'config', 'uploadpack.allowFilter', 'true']);
      const url = `ssh://${sshd.user}@127.0.0.1:${sshd.port}${path}`;
      await expectExactly(await target('over-ssh', url, made.body.id), path);
    } finally {
      await sshd.close();
    }
  });

  it('reports a name that moved until somebody accepts where it points now', async () => {
    const path = join(root, 'acme/moving.git');
    const refs = ['v1.0.0', 'v1.1.0'].map(
      (name, n) => `refs/tags/${name}\tcommit\t${String(n).repeat(40)}\t\t${1_700_000_000 + n}`,
    );
    await rebuildRemote(refs, path);
    const id = await target('moving', `${git.url}/acme/moving.git`);
    expect((await client.scan(id)).counts.open).toBe(2);
    await runGit(['-C', path, 'tag', '--force', 'v1.0.0', 'v1.1.0']);

    const moved = await client.scan(id);
    expect(moved.counts).toMatchObject({ new: 1, open: 3 });
    const { body } = await client.rest('GET', `/findings?targetIds=${id}&ruleIds=moved&states=OPEN`);
    expect(body.items).toMatchObject([{ tag: 'v1.0.0', severity: 'CRITICAL' }]);
    expect((await client.scan(id)).counts).toMatchObject({ new: 0, open: 3 });
    const [finding] = body.items;
    await client.rest('PUT', `/findings/${finding.id}/suppression`, { reason: 'released again on purpose' });

    expect((await client.scan(id)).counts).toMatchObject({ new: 0, open: 2 });
    expect((await client.rest('GET', `/findings/${finding.id}`)).body.state).toBe('RESOLVED');
  });

  it('reads dates once a rule asks for them, and says what the server would not give', async () => {
    const refs = ['tmp-1', 'tmp-2'].map(
      (name, n) => `refs/tags/${name}\tcommit\t${String(n + 4).repeat(40)}\t\t${1_600_000_000 + n}`,
    );
    await rebuildRemote(refs, join(root, 'acme/dated.git'));
    const id = await target('dated', `${git.url}/acme/dated.git`);
    expect(await client.scan(id)).toMatchObject({ status: 'SUCCEEDED', counts: { open: 2 } });
    const { tags } = await client.data(
      'query ($id: ID!) { tags(filter: { targetIds: [$id], name: "tmp-1" }) { edges { node { createdAt } } } }',
      { id },
    );
    expect(tags.edges).toEqual([{ node: { createdAt: '2020-09-13T12:26:40.000Z' } }]);
  });

  it('says what is wrong: the password, the repository, the address, the scheme', async () => {
    const other = await client.rest('POST', '/credentials', {
      name: 'wrong',
      kind: 'BASIC',
      secret: { ...LOGIN, password: 'canary-wrong-password' },
    });
    const wrong = await client.rest('POST', '/targets', {
      name: 'wrong-password',
      credentialId: other.body.id,
      git: { url: `${git.url}/redis/redis.git` },
    });
    const refused = await client.scan(wrong.body.id);
    expect(refused).toMatchObject({ status: 'FAILED', errors: [{ code: 'REMOTE_AUTH_FAILED' }] });
    expect(JSON.stringify(refused)).not.toContain('canary');
    const gone = await client.scan(await target('gone', `${git.url}/no/such.git`));
    expect(gone.status).toBe('FAILED');
    for (const url of [
      'http://10.0.0.5/a.git',
      'https://169.254.169.254/a.git',
      'git://git.example/a.git',
      'file:///etc',
      'ext::sh -c whoami',
      'ssh://-oProxyCommand=x/y',
      '--upload-pack=x',
      'https://user:canary-in-url@git.example/a.git',
    ]) {
      const { status, body } = await client.rest('POST', '/targets', { name: 'bad', git: { url } });
      expect([url, status, body.code]).toEqual([url, 400, 'BAD_USER_INPUT']);
      expect(JSON.stringify(body)).not.toContain('canary');
    }
  });
});
