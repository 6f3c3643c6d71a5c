import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A line to a server that can go dead without either end being told. */
export interface SilentLine {
  readonly port: number;
  /** Nothing that is under way, or comes later, arrives; no connection is closed. */
  cut(): void;
  /** New connections arrive again; those of before stay dead. */
  mend(): void;
  close(): Promise<void>;
}

export async function silentLine(target: { host: string; port: number }): Promise<SilentLine> {
  const ends = new Set<Socket>();
  let dead = false;
  const server = createServer((near) => {
    const far = target.host.startsWith('/')
      ? connect(`${target.host}/.s.PGSQL.${target.port}`)
      : connect(target.port, target.host);
    for (const end of [near, far]) ends.add(end.on('error', () => {}));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    if (dead) return;
    near.pipe(far);
    far.pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      dead = true;
      for (const end of ends) end.unpipe().pause();
    },
    mend() {
      dead = false;
    },
    async close() {
      for (const end of ends) end.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
