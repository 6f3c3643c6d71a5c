import type { OutboundGuard } from '#connector-kit';
import type { GitCredential } from './credentials.js';
import type { PrivateFolder } from './private-folder.js';
import type { GitRemote } from './remote-url.js';
import { HttpTransport } from './transport/http-transport.js';
import { LocalTransport } from './transport/local-transport.js';
import { SshTransport } from './transport/ssh-transport.js';
import { TcpTransport } from './transport/tcp-transport.js';
import type { GitTransport } from './transport/transport.js';

export interface TransportOptions {
  readonly remote: GitRemote;
  readonly credential: GitCredential;
  readonly guard: OutboundGuard;
  readonly folder: () => Promise<PrivateFolder>;
  readonly now: () => number;
}

/** The transport that a remote's scheme names. */
export function createTransport({ remote, credential, guard, folder, now }: TransportOptions): GitTransport {
  if (credential.kind === 'ssh') return new SshTransport({ remote, key: credential.key, guard, folder });
  if (remote.scheme === 'git') return new TcpTransport(remote, guard);
  if (remote.scheme === 'file') return new LocalTransport(remote, folder);
  return new HttpTransport({ remote, credential, guard, now });
}
