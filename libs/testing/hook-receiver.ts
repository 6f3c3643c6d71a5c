import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedHook {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver answers; `hang`: nothing, ever. */
export interface HookAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly hang?: boolean;
}

export interface HookReceiver {
  readonly url: string;
  /** As `TAGWARD_OUTBOUND_ALLOW` takes it. */
  readonly host: string;
  readonly received: readonly ReceivedHook[];
  /** Chosen when a request is there; 204 at first. */
  answer: (hook: ReceivedHook, count: number) => HookAnswer;
  close(): Promise<void>;
}

/** Takes webhooks as somebody else's server does. */
export async function startHookReceiver(): Promise<HookReceiver> {
  const received: ReceivedHook[] = [];
  const server = createServer((request, response) => {
    const take = (body: string): void => {
      const hook = { path: request.url ?? '', headers: request.headers, body };
      received.push(hook);
      const {
        status = 204,
        headers = {},
        body: answer = '',
        hang = false,
      } = receiver.answer(hook, received.length);
      if (!hang) response.writeHead(status, headers).end(answer);
    };
    // Whoever went away half-way has sent nothing.
    void text(request).then(take, () => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const receiver: HookReceiver = {
    url: `http://${host}`,
    host,
    received,
    answer: () => ({}),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}
