import {
  HygieneError,
  type Connector,
  type InventoryEvent,
  type ListRequest,
  type OpenRequest,
  type Resource,
  type ScanError,
} from '#core';
import { memoryEnvironment } from '#connector-kit';
import { expect } from 'vitest';
import { gitConnector } from './git-connector.js';

/** Opens a target on this machine, which is allowed to be there. */
export async function openGit(
  url: string,
  cacheDirectory: string,
  secret: OpenRequest['secret'] = null,
): Promise<Connector> {
  return gitConnector.open({
    config: gitConnector.descriptor.config.parse({ url }),
    secret,
    environment: memoryEnvironment({ outbound: { allow: ['127.0.0.1'], allowLocal: true }, cacheDirectory }),
  });
}

export interface GitReading {
  readonly events: readonly InventoryEvent[];
  readonly errors: readonly ScanError[];
  /** The one that is read. */
  readonly resource: Resource;
}

export async function readGit(connector: Connector, more: Partial<ListRequest> = {}): Promise<GitReading> {
  const events: InventoryEvent[] = [];
  const request = { resources: null, signal: new AbortController().signal, ...more };
  for await (const event of connector.listResources(request)) events.push(event);
  const resources = events.flatMap((event) => (event.type === 'resources' ? event.resources : []));
  const errors = events.flatMap((event) => (event.type === 'error' ? [event.error] : []));
  return { events, errors, resource: resources[0] ?? expect.fail('nothing was read') };
}

export async function failureOf(work: Promise<unknown>): Promise<HygieneError> {
  const reason = await work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );
  expect(reason).toBeInstanceOf(HygieneError);
  return reason as HygieneError;
}
