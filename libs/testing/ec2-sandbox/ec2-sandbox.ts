import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from './api-error.js';
import { authenticate } from './authenticate.js';
import { Principals, type SandboxAccount } from './sandbox-account.js';
import { SandboxFaults, type InjectedFault } from './sandbox-faults.js';
import { SandboxService, unknownAction } from './sandbox-service.js';
import { SandboxStats } from './sandbox-stats.js';
import { SandboxStore, type SandboxResource } from './sandbox-store.js';
import { writeError } from './write-xml.js';

export interface Ec2SandboxOptions {
  /** 0 or left out: any free port. */
  readonly port?: number;
  readonly accounts: readonly SandboxAccount[];
  readonly resources: readonly SandboxResource[];
  /** Milliseconds that each answer takes, as the way to AWS does. */
  readonly latencyMs?: number;
  readonly now?: () => number;
}

export interface Ec2Sandbox {
  /** `http://127.0.0.1:PORT`: EC2 and STS of every region. */
  readonly endpoint: string;
  readonly stats: SandboxStats;
  readonly faults: SandboxFaults;
  readonly store: SandboxStore;
  close(): Promise<void>;
}

/** No request of the SDK comes near it. */
const BODY_MAX_BYTES = 4 * 1024 * 1024;

/**
 * EC2 and STS in this process, over their real protocol: signatures are verified, requests checked and replies written by AWS's
 * service model. Rejects when the port is taken.
 */
export async function startEc2Sandbox(options: Ec2SandboxOptions): Promise<Ec2Sandbox> {
  const sandbox = new Sandbox(options);
  const server = createServer((request, response) => void sandbox.handle(request, response));
  server.keepAliveTimeout = 60_000;
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const { stats, faults, store } = sandbox;
  return { endpoint: `http://127.0.0.1:${port}`, stats, faults, store, close: () => close(server) };
}

class Sandbox {
  readonly stats = new SandboxStats();
  readonly faults = new SandboxFaults();
  readonly store: SandboxStore;
  private readonly principals: Principals;
  private readonly service: SandboxService;
  private readonly now: () => number;
  private readonly latencyMs: number;

  constructor({ accounts, resources, now = Date.now, latencyMs = 0 }: Ec2SandboxOptions) {
    const [first] = accounts;
    if (first === undefined) throw new Error('The sandbox needs at least one account.');
    this.now = now;
    this.latencyMs = latencyMs;
    this.store = new SandboxStore(resources, first.id);
    this.principals = new Principals(accounts, now);
    this.service = new SandboxService(this.store, this.principals);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.stats.opened();
    response.once('close', () => this.stats.closed());
    try {
      await this.respond(request, response);
    } catch {
      // The client went away in the middle of its request: there is nobody to answer.
      response.destroy();
    }
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const requestId = randomUUID();
    const form = new URLSearchParams(request.method === 'GET' ? request.url?.split('?')[1] : body.toString());
    const action = form.get('Action') ?? '';
    let isEc2 = true;
    let region = '';
    const reply = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): void => {
      this.stats.answered({ action, region, status }, Buffer.byteLength(text));
      response.writeHead(status, {
        'content-type': 'text/xml;charset=UTF-8',
        'x-amzn-requestid': requestId,
        ...headers,
      });
      response.end(text);
    };
    try {
      isEc2 = this.service.modelFor(form).isEc2;
      const signed = {
        method: request.method ?? '',
        target: request.url ?? '/',
        headers: request.headers,
        body,
      };
      const caller = authenticate(signed, isEc2 ? 'ec2' : 'sts', this.principals, this.now());
      region = caller.region;
      const fault = this.faults.next(action, region);
      if (fault !== null && (await beforeAnswer(fault, response, reply))) return;
      if (fault?.kind === 'repeat-token') form.delete('NextToken');
      const { xml } = await this.service.answer(form, caller, requestId);
      if (this.latencyMs > 0) await delay(this.latencyMs);
      reply(200, fault === null ? xml : spoiled(xml, fault));
    } catch (error) {
      const known =
        error instanceof ApiError
          ? error
          : new ApiError('InternalError', 'An internal error has occurred', 500);
      reply(known.status, writeError(known, isEc2, requestId));
    }
  }
}

/** Faults that stand in the place of an answer. True when the request is dealt with. */
async function beforeAnswer(
  fault: InjectedFault,
  response: ServerResponse,
  reply: (status: number, text: string, headers?: Readonly<Record<string, string>>) => void,
): Promise<boolean> {
  switch (fault.kind) {
    case 'throttle':
      reply(
        503,
        writeError(new ApiError('RequestLimitExceeded', 'Request limit exceeded.', 503), true, randomUUID()),
        fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter },
      );
      return true;
    case 'error':
      throw new ApiError('InternalError', 'An internal error has occurred', 500);
    case 'deny':
      throw new ApiError('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403);
    case 'unknown-action':
      throw unknownAction(fault.action ?? '');
    case 'html':
      reply(200, '<html><body>Sign in to the network</body></html>', { 'content-type': 'text/html' });
      return true;
    case 'drop':
      response.destroy();
      return true;
    case 'hang':
      return true;
    case 'slow':
      await delay(fault.ms ?? 100);
      return false;
    case 'truncate':
    case 'repeat-token':
      return false;
  }
}

/** Faults of the answer itself. */
function spoiled(xml: string, { kind, part = 0.5 }: InjectedFault): string {
  if (kind === 'truncate') return xml.slice(0, Math.floor(xml.length * part));
  if (kind !== 'repeat-token') return xml;
  const token = '<nextToken>again-and-again</nextToken>';
  const bare = xml.replace(/<nextToken>[^<]*<\/nextToken>/, '');
  return bare.replace(/(<\/\w+Response>)$/, `${token}$1`);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES) throw new Error('The request is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function delay(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
