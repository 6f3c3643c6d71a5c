import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { Answer } from './answer.js';
import { closeServer, listenOn } from './listen.js';

export interface SinkRecord {
  readonly method: string;
  readonly path: string;
  /** All of them. */
  readonly headers: IncomingHttpHeaders;
}

/** Another host that hostile registries point at. It says yes to everything and writes down what it was sent. */
export interface Sink {
  /** `http://HOST:PORT`, on another address than the sandbox where the system has one. */
  readonly url: string;
  readonly requests: readonly SinkRecord[];
  /** Keeps an answer and gives its address, as a store behind a registry does. */
  keep(answer: Answer): string;
  close(): Promise<void>;
}

/** Linux answers on all of 127.0.0.0/8; others on 127.0.0.1 alone. */
const HOST = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';

export async function startSink(): Promise<Sink> {
  const requests: SinkRecord[] = [];
  const kept = new Map<string, Answer>();
  const server = createServer(({ method = '', url: path = '/', headers }, response) => {
    requests.push({ method, path, headers });
    const { headers: own = { 'content-type': 'application/json' }, body = Buffer.from(FOR_ANYBODY) } =
      kept.get(path) ?? {};
    response.writeHead(
      200,
      Object.entries(own).flatMap(([name, value]) => [name, String(value)]),
    );
    response.end(method === 'HEAD' ? undefined : body);
  });
  const port = await listenOn(server, 0, HOST);
  const url = `http://${HOST}:${port}`;
  return {
    url,
    requests,
    keep(answer) {
      const path = `/kept/${kept.size}`;
      kept.set(path, answer);
      return `${url}${path}`;
    },
    close: () => closeServer(server),
  };
}

/** A token to who wants one, and a list of tags to who follows a link. */
const FOR_ANYBODY = JSON.stringify({
  token: 'of-the-other-host',
  name: 'elsewhere',
  tags: ['from-elsewhere'],
});
