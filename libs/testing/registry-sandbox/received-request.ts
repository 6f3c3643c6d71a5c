import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** A request with its body. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** `http://127.0.0.1:PORT`, as the client calls this server. */
  readonly origin: string;
}

const BODY_MAX_BYTES = 64 * 1024 * 1024;

/** Throws when the client goes away or sends more than any test does. */
export async function received(message: IncomingMessage, scheme: 'http' | 'https'): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES) throw new Error('The request is too large.');
    chunks.push(chunk);
  }
  const { method = '', url: target = '/', headers } = message;
  const at = target.indexOf('?');
  return {
    method,
    target,
    pathname: at < 0 ? target : target.slice(0, at),
    query: new URLSearchParams(at < 0 ? '' : target.slice(at + 1)),
    headers,
    body: Buffer.concat(chunks),
    origin: `${scheme}://${headers.host ?? ''}`,
  };
}
