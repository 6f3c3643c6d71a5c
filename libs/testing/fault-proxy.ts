import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net';

export interface FaultProxy {
  readonly port: number;
  /** Bytes that came in while nothing went through. */
  readonly swallowed: number;
  /** Nothing goes through any more, on open connections and new ones, and nobody is told: as behind a firewall that drops. */
  blackhole(): void;
  /** New connections work again; those of the time before are reset, as a real network's would be in the end. */
  heal(): void;
  close(): Promise<void>;
}

/** A TCP proxy before a server, with a switch. */
export async function startFaultProxy(upstream: NetConnectOpts): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  const state = { through: true, swallowed: 0 };
  const server = createServer((client) => {
    const remote = connect(upstream);
    for (const [from, to] of [
      [client, remote],
      [remote, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk: Buffer) => {
        if (state.through) to.write(chunk);
        else state.swallowed += chunk.length;
      });
      from.on('end', () => state.through && to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        if (state.through) to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const reset = () => {
    // Only TCP knows a reset.
    for (const socket of sockets) {
      if (socket.remoteAddress === undefined) socket.destroy();
      else socket.resetAndDestroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    get swallowed() {
      return state.swallowed;
    },
    blackhole() {
      state.through = false;
    },
    heal() {
      reset();
      state.through = true;
    },
    async close() {
      reset();
      server.close();
      await once(server, 'close');
    },
  };
}
