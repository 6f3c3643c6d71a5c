import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { GIT_ENVIRONMENT } from './run-git.js';

export interface GitHttpBackendOptions {
  /** The folder whose repositories are served: `<url>/<folder below root>`. */
  readonly root: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Asked for by every request; default: nothing is asked for. */
  readonly basic?: { readonly username: string; readonly password: string };
  /** Serves as if it knew protocol 0 only. */
  readonly protocol0?: boolean;
  /** Lets clients leave objects out (`--filter`). Default true. */
  readonly filter?: boolean;
}

export interface SeenGitRequest {
  readonly method: string;
  readonly path: string;
  readonly authorized: boolean;
}

/** @returns false when it did not answer */
export type Interceptor = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface GitHttpBackend {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly SeenGitRequest[];
  /** Each request from now on is given to this first; one that it returns false for is served. null: all are served. */
  intercept(handler: Interceptor | null): void;
  close(): Promise<void>;
}

/** Git's own `git http-backend` (https://git-scm.com/docs/git-http-backend) behind a small CGI server on 127.0.0.1. */
export async function startGitHttpBackend(options: GitHttpBackendOptions): Promise<GitHttpBackend> {
  const requests: SeenGitRequest[] = [];
  let instead: Interceptor | null = null;
  const server = createServer((request, response) => {
    const authorized = isAuthorized(request, options.basic);
    requests.push({ method: request.method ?? '', path: request.url ?? '', authorized });
    if (instead !== null && instead(request, response) !== false) return;
    if (authorized) return serve(request, response, options);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('no such user');
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    intercept: (handler) => void (instead = handler),
    close: () => closeServer(server),
  };
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function isAuthorized({ headers }: IncomingMessage, basic: GitHttpBackendOptions['basic']): boolean {
  if (basic === undefined) return true;
  const pair = Buffer.from(`${basic.username}:${basic.password}`).toString('base64');
  return headers.authorization === `Basic ${pair}`;
}

function serve(request: IncomingMessage, response: ServerResponse, options: GitHttpBackendOptions): void {
  const child = spawn('git', ['http-backend'], {
    env: cgiEnvironment(request, options),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.on('error', () => response.destroy());
  response.on('close', () => child.kill());
  // The client, or the program, may leave before everything was written.
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  answer(child.stdout, response).catch(() => response.destroy());
}

/** RFC 3875, 4.1. */
function cgiEnvironment(
  request: IncomingMessage,
  { root, protocol0 = false, filter = true }: GitHttpBackendOptions,
): Record<string, string> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const header = (name: string): string => String(request.headers[name] ?? '');
  return {
    ...GIT_ENVIRONMENT,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROTOCOL: protocol0 ? '' : header('git-protocol'),
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    GIT_CONFIG_KEY_1: 'uploadpack.allowFilter',
    GIT_CONFIG_VALUE_1: String(filter),
    REQUEST_METHOD: request.method ?? '',
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: header('content-type'),
    ...(header('content-length') === '' ? {} : { CONTENT_LENGTH: header('content-length') }),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    REMOTE_ADDR: '127.0.0.1',
    REMOTE_USER: '',
  };
}

/** RFC 3875, 6: headers, an empty line, the body. */
async function answer(output: Readable, response: ServerResponse): Promise<void> {
  let head = Buffer.alloc(0);
  let begun = false;
  for await (const chunk of output as AsyncIterable<Buffer>) {
    if (begun) {
      if (!response.write(chunk)) await once(response, 'drain');
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) continue;
    begun = true;
    writeHead(head.subarray(0, end).toString('latin1'), response);
    response.write(head.subarray(end + 4));
  }
  response.end();
}

function writeHead(head: string, response: ServerResponse): void {
  const fields = head.split('\r\n').map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const status = fields.find(([name]) => name === 'status')?.[1] ?? '200';
  response.writeHead(
    Number.parseInt(status, 10),
    Object.fromEntries(fields.filter(([name]) => name !== 'status')),
  );
}
