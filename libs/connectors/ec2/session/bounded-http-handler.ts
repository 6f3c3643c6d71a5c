import { Transform, pipeline, type Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { HygieneError } from '#core';
import type { GuardedAgents } from '#connector-kit';

/** Time to a connection (DNS and TLS included), and to the end of a reply: milliseconds. */
const CONNECT_LIMIT_MS = 1_500;
export const REPLY_LIMIT_MS = 30_000;
/** 1,000 instances with every field take about 8 MB of XML. */
const REPLY_LIMIT_BYTES = 64 * 1024 * 1024;

/** HTTP for the AWS SDK: only guarded connections, limits on time and on the bytes of a reply. The caller owns the agents. */
export class BoundedHttpHandler extends NodeHttpHandler {
  constructor(agents: GuardedAgents) {
    super({
      httpAgent: agents.http,
      httpsAgent: agents.https,
      connectionTimeout: CONNECT_LIMIT_MS,
      requestTimeout: REPLY_LIMIT_MS,
      socketTimeout: REPLY_LIMIT_MS,
      throwOnRequestTimeout: true,
    });
  }

  override async handle(
    ...call: Parameters<NodeHttpHandler['handle']>
  ): ReturnType<NodeHttpHandler['handle']> {
    const result = await super.handle(...call);
    const { response } = result;
    response.body =
      response.statusCode < 300 ? checked(response.body as Readable) : bounded(response.body as Readable);
    return result;
  }

  /** The agents live as long as the connector, which several clients share. */
  override destroy(): void {}
}

/** Enough to hold the XML declaration and the name of the root element. */
const HEAD_BYTES = 512;
/** Both protocols name the root of a reply after the action: `<DescribeVolumesResponse`. */
const REPLY_HEAD = /^\uFEFF?\s*(<\?xml[^>]*\?>\s*)?<\w+Response[\s>]/;

/**
 * A reply that is refused unless it is one: the SDK would take the page of a proxy for an answer without items, and
 * everything would seem to be gone.
 */
function checked(body: Readable): Readable {
  let head: Buffer | null = Buffer.alloc(0);
  const refusal = (): HygieneError | null => {
    const text = head?.toString('utf8') ?? '';
    head = null;
    return REPLY_HEAD.test(text) ? null : notEc2();
  };
  return bounded(body, {
    chunk: (chunk) => {
      if (head === null) return null;
      head = Buffer.concat([head, chunk]);
      return head.length < HEAD_BYTES ? null : refusal();
    },
    end: () => (head === null ? null : refusal()),
  });
}

interface Check {
  chunk(chunk: Buffer): HygieneError | null;
  end(): HygieneError | null;
}

const NO_CHECK: Check = { chunk: () => null, end: () => null };

function bounded(body: Readable, check: Check = NO_CHECK): Readable {
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > REPLY_LIMIT_BYTES ? tooLarge() : check.chunk(chunk), chunk);
    },
    flush(done) {
      done(check.end());
    },
  });
  // A fault of either side destroys the counter with it, which is what the SDK listens to.
  pipeline(body, counter, () => {});
  return counter;
}

function notEc2(): HygieneError {
  return new HygieneError(
    'REMOTE_REPLY_INVALID',
    "The reply is no reply of EC2's API. Check that no proxy or sign-in page stands between Tagward and AWS, and what answers at the endpoint.",
  );
}

function tooLarge(): HygieneError {
  return new HygieneError(
    'REMOTE_REPLY_INVALID',
    `The endpoint sent a reply of more than ${REPLY_LIMIT_BYTES / 1024 / 1024} MiB, which no EC2 page has. Check the endpoint.`,
  );
}
