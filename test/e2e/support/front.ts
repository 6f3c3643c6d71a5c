import { createServer, request as ask } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface Front {
  readonly url: string;
  /** Paths asked for so far. */
  readonly paths: readonly string[];
  /** Where requests go whose path starts so; the first that fits. */
  route(prefix: string, to: string): void;
  close(): Promise<void>;
}

/**
 * One address before several servers, as a company puts its registry and the token service of it behind one host.
 * @param before what happens before a request goes on
 */
export async function startFront(
  before: (method: string, path: string) => Promise<void> = async () => {},
): Promise<Front> {
  const routes: { prefix: string; to: URL }[] = [];
  const paths: string[] = [];
  const server = createServer((incoming, response) => {
    const path = incoming.url ?? '/';
    paths.push(path);
    const to = routes.find(({ prefix }) => path.startsWith(prefix))?.to;
    if (to === undefined) return void response.writeHead(404).end();
    const { method = 'GET', headers } = incoming;
    const goOn = () => {
      const onward = ask({ hostname: to.hostname, port: to.port, path, method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      incoming.pipe(onward);
    };
    before(method, path).then(goOn, () => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    route: (prefix, to) => void routes.push({ prefix, to: new URL(to) }),
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
