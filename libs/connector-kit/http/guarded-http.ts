import { rootCertificates } from 'node:tls';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { HygieneError } from '#core';
import type { OutboundGuard } from '../outbound/outbound-guard.js';
import { BoundedReply, discardBody } from './bounded-reply.js';
import { Deadline } from './deadline.js';
import type { HttpReply, HttpRequest } from './http-request.js';

export interface GuardedHttpOptions {
  /** Connections open at once to one origin. */
  readonly connections: number;
  /** To a connection, TLS included: milliseconds. */
  readonly connectMs: number;
  /** PEM certificates of an authority of the user's own, trusted beside those of the system. */
  readonly ca?: string;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 3;

/**
 * HTTP for what users point Tagward at: connects only where the guard allows (checked again where a name is resolved), follows few
 * redirects, never carries credentials to another origin, and ends every wait and every body at a limit. Several requests at once.
 */
export class GuardedHttp {
  private readonly agent: Agent;

  constructor(
    private readonly guard: OutboundGuard,
    options: GuardedHttpOptions,
  ) {
    this.agent = new Agent({
      connections: options.connections,
      pipelining: 1,
      keepAliveTimeout: 30_000,
      connect: guardedConnect(guard, options),
    });
  }

  /**
   * The reply, whatever its status: `body` is to be read or discarded.
   * @throws HygieneError ADDRESS_REFUSED, REMOTE_UNREACHABLE, REMOTE_TIMEOUT, REMOTE_REPLY_INVALID, CANCELLED
   */
  async send(request: HttpRequest): Promise<HttpReply> {
    const deadline = new Deadline(request);
    try {
      return await this.follow(request, deadline);
    } catch (fault) {
      throw deadline.explain(fault);
    }
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private async follow(request: HttpRequest, deadline: Deadline): Promise<HttpReply> {
    const followed = request.method === 'GET' || request.method === 'HEAD';
    const hops = followed ? (request.maxRedirects ?? MAX_REDIRECTS) : 0;
    let { url } = request;
    let own = true;
    for (let hop = 0; ; hop += 1) {
      const answer = await this.dispatch(request, url, own, deadline);
      const location = REDIRECTS.has(answer.statusCode) ? locationOf(answer) : null;
      if (location === null || !followed) return new BoundedReply(answer, { url, request, deadline });
      await discardBody(answer.body);
      if (hop >= hops) throw tooManyRedirects(request, hops);
      const next = redirectOf(location, url, request);
      this.guard.parse(next.href);
      own &&= next.origin === url.origin;
      url = next;
    }
  }

  private async dispatch(
    request: HttpRequest,
    url: URL,
    own: boolean,
    deadline: Deadline,
  ): Promise<Dispatcher.ResponseData> {
    this.guard.parse(url.href);
    const { method, headers, credentials, body = null, limits, compressed } = request;
    return this.agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: {
        'user-agent': 'tagward',
        'accept-encoding': compressed === true ? 'gzip' : 'identity',
        ...headers,
        ...(own ? credentials : {}),
      },
      body,
      signal: deadline.signal,
      headersTimeout: limits.headersMs,
      bodyTimeout: limits.idleMs,
      // undici would close the connection after every HEAD.
      reset: false,
    });
  }
}

/** Connects only where the guard allows: a host that is an address is checked here, a name where it is resolved. */
function guardedConnect(
  guard: OutboundGuard,
  { connectMs, ca }: GuardedHttpOptions,
): buildConnector.connector {
  const byPort = new Map<number, buildConnector.connector>();
  return (options, callback) => {
    const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
    try {
      guard.checkLiteral(options.hostname, port);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    const known = byPort.get(port);
    const connect =
      known ??
      buildConnector({
        timeout: connectMs,
        minVersion: 'TLSv1.2',
        lookup: guard.lookupFor(port),
        ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
      });
    if (known === undefined) byPort.set(port, connect);
    connect(options, callback);
  };
}

function locationOf({ headers }: Dispatcher.ResponseData): string | null {
  const { location } = headers;
  return typeof location === 'string' ? location : null;
}

function redirectOf(location: string, from: URL, { what }: HttpRequest): URL {
  const next = URL.parse(location, from);
  if (next === null) throw hostileRedirect(what, from, 'an address that is no URL');
  if (from.protocol === 'https:' && next.protocol !== 'https:')
    throw hostileRedirect(what, from, `${next.protocol}// instead of https://`);
  return next;
}

function hostileRedirect(what: string, from: URL, where: string): HygieneError {
  return new HygieneError(
    'REMOTE_REPLY_INVALID',
    `${from.origin} redirects ${what} to ${where}; that is not followed. Check what answers at that address.`,
  );
}

function tooManyRedirects({ what, url }: HttpRequest, most: number): HygieneError {
  return new HygieneError(
    'REMOTE_REPLY_INVALID',
    `${url.origin} redirects ${what} more than ${most} times. Give the target the address that it redirects to.`,
  );
}
