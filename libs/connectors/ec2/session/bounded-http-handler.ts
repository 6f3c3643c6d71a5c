import { Transform, pipeline, type Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { HygieneError } from '#core';
import type { GuardedAgents } from '#connector-kit';

/** Time to a connection (DNS and TLS included), and to the end of a reply: milliseconds. */
export const CONNECT_LIMIT_MS = 1_500;
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
    result.response.body = bounded(result.response.body as Readable);
    return result;
  }

  /** The agents live as long as the connector, which several clients share. */
  override destroy(): void {}
}

function bounded(body: Readable): Readable {
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > REPLY_LIMIT_BYTES) done(tooLarge());
      else done(null, chunk);
    },
  });
  // A fault of either side destroys the counter with it, which is what the SDK listens to.
  pipeline(body, counter, () => {});
  return counter;
}

function tooLarge(): HygieneError {
  return new HygieneError(
    'REMOTE_REPLY_INVALID',
    `The endpoint sent a reply of more than ${REPLY_LIMIT_BYTES / 1024 / 1024} MiB, which no EC2 page has. Check the endpoint.`,
  );
}
