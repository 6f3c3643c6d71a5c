import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  HygieneError,
  type ConnectorEnvironment,
  type InventoryEvent,
  type ListRequest,
  type OpenRequest,
  type PointerFact,
  type Resource,
  type ScanError,
  type ScopedConnector,
} from '#core';
import { memoryEnvironment } from '#connector-kit';
import { registryConfig, type RegistryConfig } from './config.js';
import { registryConnector } from './registry-connector.js';

export const ALL_FACTS: ReadonlySet<PointerFact> = new Set(['created', 'manifest', 'untagged']);
export const DATES: ReadonlySet<PointerFact> = new Set(['created']);

export interface SessionOptions {
  readonly config?: Partial<RegistryConfig>;
  readonly secret?: OpenRequest['secret'];
  readonly environment?: Partial<ConnectorEnvironment>;
}

/** An environment that opens this machine's own addresses, with a pace and tokens of its own. */
export function testEnvironment(given: Partial<ConnectorEnvironment> = {}): ConnectorEnvironment {
  return memoryEnvironment({ outbound: { allow: ['127.0.0.1', '127.0.0.2'], allowLocal: false }, ...given });
}

export async function openRegistry(url: string, options: SessionOptions = {}): Promise<ScopedConnector> {
  const { config = {}, secret = null, environment = {} } = options;
  const connector = await registryConnector.open({
    config: registryConfig.parse({ url, ...config }),
    secret,
    environment: testEnvironment(environment),
  });
  return connector as ScopedConnector;
}

export interface Scan {
  readonly events: readonly InventoryEvent[];
  readonly resources: readonly Resource[];
  readonly errors: readonly ScanError[];
  /** Scopes that were read as a whole. */
  readonly complete: readonly string[];
}

export async function scan(connector: ScopedConnector, given: Partial<ListRequest> = {}): Promise<Scan> {
  const request = { resources: null, facts: ALL_FACTS, signal: new AbortController().signal, ...given };
  const events: InventoryEvent[] = [];
  for await (const event of connector.listResources(request)) events.push(event);
  return {
    events,
    resources: events.flatMap((event) => (event.type === 'resources' ? event.resources : [])),
    errors: events.flatMap((event) => (event.type === 'error' ? [event.error] : [])),
    complete: events.flatMap((event) => (event.type === 'complete' ? [event.unit.scope] : [])),
  };
}

/** Opens, scans, closes. */
export async function scanOnce(
  url: string,
  options: SessionOptions = {},
  given: Partial<ListRequest> = {},
): Promise<Scan> {
  const connector = await openRegistry(url, options);
  try {
    return await scan(connector, given);
  } finally {
    await connector.close();
  }
}

/** What a scan said of one repository that it did not read; throws when it read it after all. */
export function unread({ errors, complete, resources }: Scan, repository: string): ScanError {
  if (complete.includes(repository)) throw new Error(`${repository} counts as read`);
  if (resources.some(({ scope }) => scope === repository)) throw new Error(`${repository} was judged`);
  const error = errors.find(({ scope }) => scope === repository);
  if (error === undefined) throw new Error(`nothing was said of ${repository}`);
  return error;
}

export async function failureOf(work: Promise<unknown>): Promise<HygieneError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof HygieneError) return error;
  throw new Error('it did not fail as it should', { cause: error });
}

export interface RawServer {
  readonly url: string;
  readonly seen: readonly IncomingMessage[];
  close(): Promise<void>;
}

/** A server of a test's own, for answers that no registry gives. */
export async function startRaw(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<RawServer> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
