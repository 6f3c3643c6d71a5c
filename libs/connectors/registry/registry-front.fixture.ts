import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One origin before a registry and its token service, as a reverse proxy makes it; it writes down what it was asked. */
export interface RegistryFront {
  readonly url: string;
  /** `GET /v2/library/nginx/tags/list?n=1000` */
  readonly requests: string[];
  close(): Promise<void>;
}

/** @param routes where a path goes to: the origin of a server, known when the request comes */
export async function startFront(routes: (path: string) => string): Promise<RegistryFront> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const requests: string[] = [];
  const server = createServer((incoming, response) => {
    const { method = '', url: path = '/', headers } = incoming;
    requests.push(`${method} ${path}`);
    const onward = request(new URL(path, routes(path)), { method, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
