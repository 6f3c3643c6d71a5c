import {
  childEnvironment,
  orCancelled,
  throwIfCancelled,
  type OutboundGuard,
  type ProcessEnd,
} from '#connector-kit';
import { HygieneError } from '#core';
import type { SshKey } from '../credentials.js';
import { authFailed, hostKeyRefused, serverFault, unreachable } from '../errors.js';
import type { PrivateFolder } from '../private-folder.js';
import type { GitRemote } from '../remote-url.js';
import { WIRE_LIMITS } from '../wire/wire-limits.js';
import { openProgram } from './program-pack.js';
import { reportedError } from './reported-error.js';
import { shellQuoted } from './shell-quoted.js';
import { prepareSsh } from './ssh-options.js';
import { homePath } from './tcp-transport.js';
import { READING, TIMES, type GitTransport, type OpenPack } from './transport.js';

export interface SshTransportOptions {
  readonly remote: GitRemote;
  readonly key: SshKey;
  readonly guard: OutboundGuard;
  readonly folder: () => Promise<PrivateFolder>;
}

/** ssh, by the `ssh` program. https://git-scm.com/docs/pack-protocol#_ssh_transport */
export class SshTransport implements GitTransport {
  constructor(private readonly options: SshTransportOptions) {}

  async open(signal: AbortSignal): Promise<OpenPack> {
    throwIfCancelled(signal);
    const { remote, key, guard } = this.options;
    const folder = await this.options.folder();
    const { options, env } = await orCancelled(prepareSsh(remote, key, guard, folder), signal);
    const where = ['-p', String(remote.port), '-l', remote.user ?? '', '--', remote.host];
    const request = {
      program: 'ssh',
      args: [...options, ...where, `git-upload-pack ${shellQuoted(homePath(remote.path))}`],
      env: childEnvironment({ HOME: folder.home, GIT_PROTOCOL: 'version=2', ...env }),
      cwd: folder.home,
      what: READING,
      origin: remote.url,
      limits: { ...TIMES, maxBytes: WIRE_LIMITS.maxBytes },
      signal,
    };
    return openProgram(request, remote, (end) => explainSsh(remote, end));
  }

  async close(): Promise<void> {}
}

/** What ssh says, in Tagward's words. Nothing of a changed host key is shown but the host. */
export function explainSsh(remote: GitRemote, { code, complaints }: ProcessEnd): HygieneError | null {
  if (/Host key verification failed|host key is known|IDENTIFICATION HAS CHANGED/i.test(complaints))
    return hostKeyRefused(remote);
  if (/Load key .*(invalid format|error in libcrypto|unknown)/i.test(complaints))
    return new HygieneError(
      'CREDENTIAL_INVALID',
      'ssh cannot read the privateKey of the credential. Store it as `ssh-keygen` wrote it, with its passphrase if it has one.',
    );
  if (/Permission denied|Too many authentication failures/i.test(complaints)) return authFailed(remote, true);
  if (/no matching (host key|key exchange|cipher|mac)/i.test(complaints))
    return unreachable(remote, 'ssh and the server have no algorithm in common');
  if (code === 255) return unreachable(remote, networkWord(complaints));
  if (code === 127) return serverFault(remote, 'the server has no git-upload-pack');
  return code === 0 ? null : reportedError(remote, complaints);
}

function networkWord(complaints: string): string {
  const known = /Connection refused|timed out|No route to host|Network is unreachable|Connection reset/i;
  return known.exec(complaints)?.[0].toLowerCase() ?? 'the connection broke';
}
