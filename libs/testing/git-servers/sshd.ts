import { existsSync } from 'node:fs';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NOT_RUN_FILE } from '../real-servers.js';
import { freePort } from '../bound-process.js';
import { untilListening } from './until-listening.js';
import { startGroup } from './group-process.js';
import { makeSshKey, type SshKeyPair } from './ssh-keys.js';

export interface Sshd {
  readonly port: number;
  readonly user: string;
  /** The line of a known_hosts file that pins its key. */
  readonly knownHosts: string;
  close(): Promise<void>;
}

export interface SshdOptions {
  readonly program: string;
  /** Made for its configuration and host key. */
  readonly folder: string;
  /** Public keys that may log in, as the user who runs the tests. */
  readonly authorized: readonly SshKeyPair[];
  /** Lets clients ask for protocol 2 of git. Default true. */
  readonly protocol2?: boolean;
}

const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/bin'];

/**
 * Where OpenSSH's server is. @returns null when it is not installed: skip what needs it; the list of what did not run says so
 * @throws instead when TAGWARD_REQUIRE_SERVERS is 1
 */
export async function findSshd(spec: string): Promise<string | null> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...FOLDERS];
  const path = folders.map((folder) => join(folder, 'sshd')).find((candidate) => existsSync(candidate));
  if (path !== undefined) return path;
  if (process.env['TAGWARD_REQUIRE_SERVERS'] === '1')
    throw new Error('sshd is not installed and TAGWARD_REQUIRE_SERVERS is 1: apt-get install openssh-server');
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const line = { server: 'sshd', spec: relative(root, fileURLToPath(spec)) };
  await mkdir(dirname(NOT_RUN_FILE), { recursive: true });
  await appendFile(NOT_RUN_FILE, `${JSON.stringify(line)}\n`);
  return null;
}

/** A real sshd with a configuration of its own on a free port of 127.0.0.1. https://man.openbsd.org/sshd_config */
export async function startSshd({
  program,
  folder,
  authorized,
  protocol2 = true,
}: SshdOptions): Promise<Sshd> {
  await mkdir(folder, { recursive: true });
  // As root it needs a folder that Debian's service makes.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const hostKey = await makeSshKey(join(folder, 'host_key'));
  const keys = join(folder, 'authorized_keys');
  await writeFile(keys, `${authorized.map(({ publicKey }) => publicKey).join('\n')}\n`, { mode: 0o600 });
  const port = await freePort();
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKey.path}`,
    `AuthorizedKeysFile ${keys}`,
    `PidFile ${join(folder, 'pid')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    ...(protocol2 ? ['AcceptEnv GIT_PROTOCOL'] : []),
  ];
  await writeFile(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
  const sshd = startGroup(program, ['-D', '-f', join(folder, 'sshd_config')], { stdio: 'ignore' });
  await untilListening(port);
  return {
    port,
    user: userInfo().username,
    knownHosts: `[127.0.0.1]:${port} ${hostKey.publicKey}`,
    close: () => sshd.stop(),
  };
}
