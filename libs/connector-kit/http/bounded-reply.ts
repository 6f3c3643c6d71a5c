import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { boundedBody } from './bounded-body.js';
import type { Deadline } from './deadline.js';
import type { HttpReply, HttpRequest } from './http-request.js';

/** A body with more than this left is cut off rather than read to keep the connection. */
const WORTH_DRAINING = 64 * 1024;

interface Exchange {
  readonly url: URL;
  readonly request: HttpRequest;
  readonly deadline: Deadline;
}

/** A reply whose body ends at the request's limits, whoever reads it. */
export class BoundedReply implements HttpReply {
  readonly status: number;
  readonly url: URL;

  constructor(
    private readonly answer: Dispatcher.ResponseData,
    private readonly exchange: Exchange,
  ) {
    this.status = answer.statusCode;
    this.url = exchange.url;
  }

  header(name: string): string | null {
    const values = this.headers(name);
    return values.length === 0 ? null : values.join(', ');
  }

  headers(name: string): readonly string[] {
    const given = this.answer.headers[name];
    return given === undefined ? [] : Array.isArray(given) ? given : [given];
  }

  get body(): AsyncIterable<Uint8Array> {
    return this.read();
  }

  async bytes(): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.read()) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async text(): Promise<string> {
    return (await this.bytes()).toString('utf8');
  }

  async discard(): Promise<void> {
    try {
      await discardBody(this.answer.body);
    } finally {
      this.exchange.deadline.end();
    }
  }

  private async *read(): AsyncGenerator<Uint8Array, void, undefined> {
    const { request, url, deadline } = this.exchange;
    const { what, limits } = request;
    const origin = { what, origin: url.origin, maxBytes: limits.maxBytes };
    try {
      yield* boundedBody(this.answer.body, this.header('content-encoding'), origin);
    } catch (fault) {
      throw deadline.explain(fault);
    } finally {
      deadline.end();
    }
  }
}

/** A fault of a body that nobody wants is nobody's. */
export async function discardBody(
  body: Readable & { dump(options: { limit: number }): Promise<void> },
): Promise<void> {
  await body.dump({ limit: WORTH_DRAINING }).catch(() => body.destroy());
}
