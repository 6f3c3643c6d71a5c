import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { toApiFault } from '../../errors/api-fault.js';
import { HttpFault } from '../../errors/http-fault.js';
import { PROBLEM_MEDIA_TYPE, problemOf } from '../../errors/problem.js';
import { faultHeaders } from '../../errors/send-fault.js';
import { pathOf } from '../../http/path-of.js';

/** Does a request ask for a WebSocket of GraphQL? Whatever else wants an upgrade gets its plain answer. */
export function asksForSocket(request: Pick<IncomingMessage, 'headers' | 'url'>): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket' && pathOf(request.url ?? '') === '/graphql';
}

/**
 * Browsers say where a page is from, and do not ask before they connect: a page of another site is refused here, as CORS refuses it
 * elsewhere. Other clients say nothing. https://www.rfc-editor.org/rfc/rfc6455#section-10.2
 *
 * @throws HttpFault 403
 */
export function checkOrigin(
  { headers }: Pick<IncomingMessage, 'headers'>,
  config: { readonly publicUrl: string; readonly corsOrigins: readonly string[] },
): void {
  const { origin, host } = headers;
  if (origin === undefined) return;
  const own = [new URL(config.publicUrl).origin, `http://${host}`, `https://${host}`];
  if (own.includes(origin) || config.corsOrigins.includes(origin)) return;
  throw new HttpFault(
    403,
    'INPUT_INVALID',
    'Pages of this origin may not connect; the operator lists origins in TAGWARD_CORS_ORIGINS.',
  );
}

/** Answers a request for an upgrade with a problem document, and hangs up. */
export function refuseUpgrade(request: IncomingMessage, socket: Duplex, error: unknown, id: string): number {
  const fault = toApiFault(error, id);
  const body = JSON.stringify(problemOf(fault, pathOf(request.url ?? ''), id));
  const headers = {
    ...faultHeaders(fault, error),
    connection: 'close',
    'content-type': PROBLEM_MEDIA_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    'x-request-id': id,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${fault.status} ${STATUS_CODES[fault.status] ?? ''}`;
  socket.end(`${[status, ...lines].join('\r\n')}\r\n\r\n${body}`);
  return fault.status;
}
