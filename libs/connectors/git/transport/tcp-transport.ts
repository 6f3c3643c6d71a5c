import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { HygieneError } from '#core';
import { boundedReading, cancelled, orCancelled, type OutboundGuard } from '#connector-kit';
import { unreachable } from '../errors.js';
import type { GitRemote } from '../remote-url.js';
import { pktLine } from '../wire/pkt-line.js';
import { PktReader } from '../wire/pkt-reader.js';
import { WIRE_LIMITS } from '../wire/wire-limits.js';
import { reportedError } from './reported-error.js';
import { READING, TIMES, type GitTransport, type OpenPack } from './transport.js';

/** `git://`: no encryption, no proof of who answers. https://git-scm.com/docs/pack-protocol#_git_transport */
export class TcpTransport implements GitTransport {
  constructor(
    private readonly remote: GitRemote,
    private readonly guard: OutboundGuard,
  ) {}

  async open(signal: AbortSignal): Promise<OpenPack> {
    const { remote } = this;
    const socket = await this.connect(signal);
    socket.write(greeting(remote));
    const limits = { ...TIMES, maxBytes: WIRE_LIMITS.maxBytes };
    const chunks = boundedReading(socket, { what: READING, origin: remote.url, limits, signal });
    const advertisement = new PktReader(chunks, remote.url);
    return {
      place: remote.url,
      advertisement,
      ask: async (request) => {
        socket.write(request);
        return advertisement;
      },
      reported: (message) => reportedError(remote, message),
      explain: async (fault) => (fault instanceof HygieneError ? fault : unreachable(remote, codeOf(fault))),
      close: async () => {
        await advertisement.close();
        socket.destroy();
      },
    };
  }

  async close(): Promise<void> {}

  private async connect(signal: AbortSignal): Promise<Socket> {
    const { host, port } = this.remote;
    if (signal.aborted) throw cancelled();
    const { address } = await orCancelled(this.guard.pin(host, port), signal);
    const socket = connect({ host: address, port });
    const late = AbortSignal.any([signal, AbortSignal.timeout(TIMES.connectMs)]);
    try {
      await once(socket, 'connect', { signal: late });
      return socket;
    } catch (fault) {
      socket.destroy();
      if (signal.aborted) throw cancelled();
      throw unreachable(this.remote, late.aborted ? 'no connection in time' : codeOf(fault));
    } finally {
      // What happens to a socket that nobody reads is nobody's fault; reading tells the rest.
      socket.on('error', () => undefined);
    }
  }
}

function greeting({ host, port, path }: GitRemote): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return pktLine(`git-upload-pack ${homePath(path)}\0host=${name}:${port}\0\0version=2\0`);
}

/** `/~user/path` is a path below that user's home. */
export function homePath(path: string): string {
  return path.startsWith('/~') ? path.slice(1) : path;
}

function codeOf(fault: unknown): string {
  const { code } = fault as { code?: unknown };
  return typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code) ? code : 'no code';
}
