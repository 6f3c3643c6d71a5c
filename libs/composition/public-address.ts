import { once } from 'node:events';
import { createServer, isIPv6, type AddressInfo } from 'node:net';
import type { Config } from '#config';

/** A configuration whose port and public address are settled: links are written before and outside the API. */
export type SettledConfig = Config & { readonly publicUrl: string };

/** Takes a free port for 0; without `TAGWARD_PUBLIC_URL` the public address is host and port. */
export async function settleAddress(config: Config): Promise<SettledConfig> {
  const port = config.port === 0 ? await freePort(config.host) : config.port;
  return { ...config, port, publicUrl: config.publicUrl ?? `http://${urlHost(config.host)}:${port}` };
}

/** A port that was free a moment ago. */
async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The host as a URL spells it; a wildcard address is reached by loopback. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return isIPv6(host) ? `[${host}]` : host;
}
