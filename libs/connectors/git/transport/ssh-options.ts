import type { OutboundGuard } from '#connector-kit';
import type { SshKey } from '../credentials.js';
import type { PrivateFolder } from '../private-folder.js';
import type { GitRemote } from '../remote-url.js';
import { shellQuoted } from './shell-quoted.js';
import { TIMES } from './transport.js';

/** How `ssh` is called for one remote: no configuration but this, one key, host keys pinned, the address that the guard checked. */
export interface SshCall {
  /** Options for the command line, without a secret. */
  readonly options: readonly string[];
  /** What its environment needs beyond the usual. */
  readonly env: Readonly<Record<string, string>>;
}

/** Resolves the host, and writes key, host keys and the answer to the passphrase prompt into the folder. */
export async function prepareSsh(
  remote: GitRemote,
  key: SshKey,
  guard: OutboundGuard,
  folder: PrivateFolder,
): Promise<SshCall> {
  const { address } = await guard.pin(remote.host, remote.port);
  const identity = await folder.write('key', key.privateKey);
  const hosts = await folder.write('known_hosts', key.knownHosts);
  const asked = key.passphrase !== null;
  const settings = {
    BatchMode: asked ? 'no' : 'yes',
    NumberOfPasswordPrompts: '1',
    PreferredAuthentications: 'publickey',
    PasswordAuthentication: 'no',
    KbdInteractiveAuthentication: 'no',
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    IdentityFile: sshPath(identity),
    StrictHostKeyChecking: 'yes',
    UserKnownHostsFile: sshPath(hosts),
    GlobalKnownHostsFile: '/dev/null',
    HostKeyAlias: hostKeyName(remote),
    CheckHostIP: 'no',
    UpdateHostKeys: 'no',
    VerifyHostKeyDNS: 'no',
    HostName: address,
    ConnectTimeout: String(Math.ceil(TIMES.connectMs / 1_000)),
    ServerAliveInterval: '15',
    ControlPath: 'none',
    ClearAllForwardings: 'yes',
    ForwardAgent: 'no',
    PermitLocalCommand: 'no',
    LogLevel: 'ERROR',
    SendEnv: 'GIT_PROTOCOL',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return { options: ['-F', 'none', '-T', ...options], env: await askPass(key.passphrase, folder) };
}

/** ssh asks a program for the passphrase; it answers from a file that only this user may read. */
async function askPass(passphrase: string | null, folder: PrivateFolder): Promise<Record<string, string>> {
  if (passphrase === null) return {};
  const file = await folder.write('passphrase', `${passphrase}\n`);
  const answer = await folder.write('askpass', `#!/bin/sh\nexec cat ${shellQuoted(file)}\n`, { runs: true });
  return { SSH_ASKPASS: answer, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':' };
}

/** As known_hosts names it: `host`, or `[host]:port` where the port is another than 22. */
function hostKeyName({ host, port }: GitRemote): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

/** ssh takes % for the start of a token, and a blank for the end of a name. */
function sshPath(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`;
}
