import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutboundGuard } from '#connector-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrivateFolder } from '../private-folder.js';
import { parseRemoteUrl, type GitRemote } from '../remote-url.js';
import { failureOf } from '../testing-kit.fixture.js';
import { shellQuoted } from './shell-quoted.js';
import { prepareSsh } from './ssh-options.js';
import { explainSsh, SshTransport } from './ssh-transport.js';
import { TcpTransport } from './tcp-transport.js';

const KEY = { privateKey: '-----BEGIN A PRIVATE KEY-----\n', knownHosts: 'h k\n', passphrase: null };
let base: string;
let folder: PrivateFolder;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'git transport %h-'));
  folder = await PrivateFolder.make(base);
});
afterAll(() => rm(base, { recursive: true }));

const remote = (url: string): GitRemote => {
  const parsed = parseRemoteUrl(url);
  return typeof parsed === 'string' ? expect.fail(parsed) : parsed;
};
const guard = (resolve: () => Promise<{ address: string; family: number }[]>): OutboundGuard =>
  new OutboundGuard({ allow: ['git.example'], allowLocal: false }, resolve);

describe('transports', () => {
  it('end with CANCELLED while a name is still being looked up', async () => {
    const never = guard(() => new Promise(() => undefined));
    const ssh = remote('ssh://git@git.example/x');
    for (const transport of [
      new TcpTransport(remote('git://git.example/x'), never),
      new SshTransport({ remote: ssh, key: KEY, guard: never, folder: async () => folder }),
    ]) {
      const abort = new AbortController();
      const opening = failureOf(transport.open(abort.signal));
      abort.abort();
      expect((await opening).code).toBe('CANCELLED');
    }
  });

  it('refuse a name that leads to another address than when it was checked', async () => {
    const metadata = guard(async () => [{ address: '169.254.169.254', family: 4 }]);
    const { signal } = new AbortController();
    const ssh = remote('ssh://git@git.example/x');
    for (const transport of [
      new TcpTransport(remote('git://git.example/x'), metadata),
      new SshTransport({ remote: ssh, key: KEY, guard: metadata, folder: async () => folder }),
    ])
      expect((await failureOf(transport.open(signal))).code).toBe('ADDRESS_REFUSED');
  });
});

describe('the call of ssh', () => {
  it('pins the address and the host key, knows one key, and carries no secret', async () => {
    const pinned = guard(async () => [{ address: '192.0.2.7', family: 4 }]);
    const key = { ...KEY, passphrase: 'a-passphrase' };
    const { options, env } = await prepareSsh(remote('ssh://git@git.example:2222/x'), key, pinned, folder);
    for (const setting of [
      'HostName=192.0.2.7',
      'HostKeyAlias=[git.example]:2222',
      'StrictHostKeyChecking=yes',
      'GlobalKnownHostsFile=/dev/null',
      'IdentitiesOnly=yes',
      'IdentityAgent=none',
      'ControlPath=none',
    ])
      expect(options).toContain(setting);
    expect(options.slice(0, 2)).toEqual(['-F', 'none']);
    // A blank and a % in the folder's name mean nothing to ssh.
    expect(options.find((one) => one.startsWith('IdentityFile='))).toMatch(/^IdentityFile=".*%%h.*"$/);
    expect([...options, ...Object.values(env)].join(' ')).not.toMatch(/a-passphrase|PRIVATE KEY/);
  });

  it('quotes a path so that a shell takes it as one word', () => {
    expect(shellQuoted("a'b!c $(x) `y`")).toBe("'a'\\''b'\\!'c $(x) `y`'");
  });

  it.each([
    ['Host key verification failed.', 255, 'REMOTE_AUTH_FAILED'],
    ['git@h: Permission denied (publickey).', 255, 'REMOTE_AUTH_FAILED'],
    ['Load key "/x": invalid format\ngit@h: Permission denied (publickey).', 255, 'CREDENTIAL_INVALID'],
    ['ssh: connect to host h port 22: Connection refused', 255, 'REMOTE_UNREACHABLE'],
    ['Unable to negotiate with 1.2.3.4: no matching host key type found.', 255, 'REMOTE_UNREACHABLE'],
    ['sh: git-upload-pack: not found', 127, 'REMOTE_FAULT'],
    ['ERROR: Repository not found.', 1, 'REMOTE_FORBIDDEN'],
    ['remote: something else', 1, 'REMOTE_FAULT'],
  ])('says of %j what is to be mended, and none of the words', (complaints, code, expected) => {
    const error = explainSsh(remote('ssh://git@git.example/x'), { code, complaints });
    expect(error?.code).toBe(expected);
    expect(error?.message).not.toContain(complaints);
  });
});
