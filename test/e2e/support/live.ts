import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { ADMIN_TOKEN } from './service.js';

export interface Told {
  /** Since the subscription began. */
  readonly ms: number;
  readonly status: string;
  readonly done: number;
}

const SCAN_PROGRESS = `subscription ($id: ID!) { scanProgress(id: $id) { status progress { done } } }`;

/** Follows a scan as a portal does, to its end. */
export function follow(url: string, id: string, token = ADMIN_TOKEN) {
  const closed = Promise.withResolvers<{ code: number; reason: string }>();
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    on: { closed: (event) => closed.resolve(event as { code: number; reason: string }) },
  });
  const told: Told[] = [];
  const since = performance.now();
  const ended = (async () => {
    for await (const { data, errors } of client.iterate({ query: SCAN_PROGRESS, variables: { id } })) {
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      const scan = (data as { scanProgress: { status: string; progress: { done: number } } }).scanProgress;
      told.push({ ms: performance.now() - since, status: scan.status, done: scan.progress.done });
    }
    return told;
  })();
  ended.catch(() => {});
  return { told, ended, closed: closed.promise, leave: () => client.terminate() };
}

export interface StreamEvent {
  readonly event: string;
  readonly data: { readonly status: string };
}

/** Every event of a scan, to the end of the stream. */
export async function readEvents(url: string, id: string): Promise<StreamEvent[]> {
  const reply = await fetch(`${url}/api/v1/scans/${id}/events`, {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, accept: 'text/event-stream' },
  });
  if (reply.status !== 200) throw new Error(await reply.text());
  const blocks = (await reply.text()).split('\n\n');
  return blocks.flatMap((block) => {
    const event = /^event: (.*)$/m.exec(block)?.[1];
    const data = /^data: (.*)$/m.exec(block)?.[1];
    if (event === undefined || data === undefined) return [];
    return [{ event, data: JSON.parse(data) as StreamEvent['data'] }];
  });
}
