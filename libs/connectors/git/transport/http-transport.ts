import { HygieneError } from '#core';
import {
  GuardedHttp,
  retryAfterMs,
  type HttpReply,
  type HttpRequest,
  type OutboundGuard,
} from '#connector-kit';
import type { GitCredential } from '../credentials.js';
import { authFailed, forbidden, invalidReply, noRepository, serverFault, unsupported } from '../errors.js';
import type { GitRemote } from '../remote-url.js';
import { PktReader } from '../wire/pkt-reader.js';
import { WIRE_LIMITS } from '../wire/wire-limits.js';
import { reportedError } from './reported-error.js';
import { READING, TIMES, type GitTransport, type OpenPack } from './transport.js';

export interface HttpTransportOptions {
  readonly remote: GitRemote;
  readonly credential: GitCredential;
  readonly guard: OutboundGuard;
  readonly now: () => number;
}

const ADVERTISEMENT = 'application/x-git-upload-pack-advertisement';
const RESULT = 'application/x-git-upload-pack-result';
const LIMITS = {
  headersMs: TIMES.firstByteMs,
  idleMs: TIMES.idleMs,
  totalMs: TIMES.totalMs,
  maxBytes: WIRE_LIMITS.maxBytes,
};

/** Smart HTTP. https://git-scm.com/docs/gitprotocol-http */
export class HttpTransport implements GitTransport {
  private readonly http: GuardedHttp;

  constructor(private readonly options: HttpTransportOptions) {
    this.http = new GuardedHttp(options.guard, { connections: 2, connectMs: TIMES.connectMs });
  }

  async open(signal: AbortSignal): Promise<OpenPack> {
    const { remote } = this.options;
    const url = new URL(`${remote.url}/info/refs?service=git-upload-pack`);
    const reply = await this.send({ method: 'GET', url, signal });
    await this.checkAdvertisement(reply, url);
    const base = new URL(reply.url.href.replace(/\/info\/refs\?.*$/, '/git-upload-pack'));
    const readers = [new PktReader(withoutService(reply.body), remote.url)];
    return {
      place: remote.url,
      advertisement: readers[0] as PktReader,
      ask: async (request) => {
        const reader = await this.post(base, request, signal);
        readers.push(reader);
        return reader;
      },
      reported: (message) => reportedError(remote, message),
      explain: async (fault) => asError(fault),
      close: async () => {
        for (const reader of readers) await reader.close();
      },
    };
  }

  async close(): Promise<void> {
    await this.http.close();
  }

  private async post(url: URL, body: string, signal: AbortSignal): Promise<PktReader> {
    const { remote } = this.options;
    const headers = { 'content-type': 'application/x-git-upload-pack-request', accept: RESULT };
    const reply = await this.send({ method: 'POST', url, body, headers, signal });
    if (reply.status !== 200) await this.refuse(reply);
    if (reply.header('content-type') !== RESULT) {
      await reply.discard();
      throw invalidReply(remote.url, 'it answers with something that is no list of refs');
    }
    return new PktReader(reply.body, remote.url);
  }

  private async send(
    request: Pick<HttpRequest, 'method' | 'url' | 'signal' | 'body' | 'headers'>,
  ): Promise<HttpReply> {
    const { credential } = this.options;
    return this.http.send({
      ...request,
      what: READING,
      headers: { 'git-protocol': 'version=2', ...request.headers },
      ...(credential.kind === 'http' ? { credentials: { authorization: credential.authorization } } : {}),
      limits: LIMITS,
      compressed: true,
    });
  }

  private async checkAdvertisement(reply: HttpReply, url: URL): Promise<void> {
    const { remote } = this.options;
    if (reply.url.origin !== url.origin || !/\/info\/refs\?/.test(reply.url.href)) {
      await reply.discard();
      throw invalidReply(
        remote.url,
        `it redirects to ${reply.url.origin}, where Tagward sends no credential; give the target that address if it is right`,
      );
    }
    if (reply.status !== 200) await this.refuse(reply);
    if (reply.header('content-type') === ADVERTISEMENT) return;
    const type = reply.header('content-type') ?? '';
    await reply.discard();
    if (type.startsWith('text/plain'))
      throw unsupported(
        remote,
        "it is served as plain files (git's dumb protocol). Serve it with git http-backend.",
      );
    throw invalidReply(remote.url, 'it answers with a page that is no list of refs');
  }

  private async refuse(reply: HttpReply): Promise<never> {
    const { remote, credential, now } = this.options;
    const { status } = reply;
    const wait = retryAfterMs(reply.header('retry-after'), now());
    await reply.discard();
    const known = credential.kind === 'http';
    if (status === 401 || (status === 403 && known)) throw authFailed(remote, known);
    if (status === 403) throw forbidden(remote);
    if (status === 404 || status === 410) throw noRepository(remote);
    if (status === 429)
      throw new HygieneError(
        'REMOTE_THROTTLED',
        `${remote.host} asks for fewer requests; ${remote.url} was not read. Scan again later.`,
        wait === null ? {} : { retryAfterMs: wait },
      );
    if (status >= 500) throw serverFault(remote, `the server failed (HTTP ${status})`);
    throw invalidReply(remote.url, `it answers with HTTP ${status}`);
  }
}

/** Without the line that names the service, and the packet after it, which servers of protocol 2 may leave out. */
async function* withoutService(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const service = '001e# service=git-upload-pack\n0000';
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of body) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < service.length && service.startsWith(head.toString('latin1'))) continue;
    const named = head.subarray(0, service.length).toString('latin1') === service;
    yield named ? head.subarray(service.length) : head;
    head = null;
  }
  if (head !== null && head.length > 0) yield head;
}

function asError(fault: unknown): HygieneError {
  if (fault instanceof HygieneError) return fault;
  return new HygieneError('INTERNAL', 'Reading a git remote failed for no known reason.', { cause: fault });
}
