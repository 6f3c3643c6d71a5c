import { once } from 'node:events';
import { createServer, isIPv6, type AddressInfo } from 'node:net';
import { HygieneError } from '#core';

/** A port that was free a moment ago: links must know the port before the API listens. */
export async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The host as a URL spells it; a wildcard address is reached by loopback. */
export function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return isIPv6(host) ? `[${host}]` : host;
}

/** @throws HygieneError CONFIG_INVALID that names the variable to change when the address is taken, not ours, or not allowed */
export async function listen(
  api: { listen(port: number, host: string): Promise<unknown> },
  port: number,
  host: string,
): Promise<void> {
  try {
    await api.listen(port, host);
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    throw new HygieneError('CONFIG_INVALID', `Cannot listen on ${host}:${port}: ${reason}`, { cause: error });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process does. Stop it, or set PORT to another port.',
  EADDRNOTAVAIL: 'this machine has no such address. Set HOST to one that it has.',
  EACCES: 'ports below 1024 take privileges. Set PORT to a higher one.',
};
