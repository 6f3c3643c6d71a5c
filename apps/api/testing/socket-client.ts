import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { tokenOf } from './api-fixture.js';

export interface Closing {
  readonly code: number;
  readonly reason: string;
}
export interface SocketClient {
  readonly client: Client;
  /** How the connection was closed by the other side. */
  readonly closed: Promise<Closing>;
  /** Results as they come; it throws what the server sends as an error. */
  subscribe(query: string, variables?: Record<string, unknown>): ReturnType<Client['iterate']>;
}

export interface SocketOptions {
  readonly token?: string | null;
  /** Of the upgrade request. */
  readonly headers?: Record<string, string>;
}

/** The usual client of portals, which never tries again. */
export function socketClient(
  url: string,
  { token = tokenOf('READ'), headers }: SocketOptions = {},
): SocketClient {
  const closed = Promise.withResolvers<Closing>();
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string | string[]) {
        super(address, protocols, headers === undefined ? {} : { headers });
      }
    },
    retryAttempts: 0,
    onNonLazyError: () => {},
    ...(token === null ? {} : { connectionParams: { Authorization: `Bearer ${token}` } }),
    on: {
      closed: (event) => closed.resolve(event as Closing),
    },
  });
  return {
    client,
    closed: closed.promise,
    subscribe: (query, variables = {}) => client.iterate({ query, variables }),
  };
}

export const SCAN_PROGRESS = `subscription ($id: ID!) {
  scanProgress(id: $id) { id status progress { done } target { name } }
}`;
