import { HygieneError, type Connector, type InventoryEvent, type ReadUnit, type Resource } from '#core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redactSecrets } from '../redaction/redact-secrets.js';
import type { ConnectorHarness, ExpectedResource } from './connector-harness.js';

const SOON_MS = 2_000;

/** The promises of the connector port, as tests. Every connector passes them; `start` makes a fresh remote for each test. */
export function describeConnector(name: string, start: () => Promise<ConnectorHarness>): void {
  describe(`${name} keeps the connector's promises`, () => {
    let harness: ConnectorHarness;
    beforeEach(async () => {
      harness = await start();
    });
    afterEach(async () => {
      await harness.close();
    });
    const lazily = (): ConnectorHarness => harness;
    describeDescriptor(lazily);
    describeReading(lazily);
    describeFaults(lazily);
    describeEnding(lazily);
  });
}

function describeDescriptor(harness: () => ConnectorHarness): void {
  it('describes itself: config, location, permissions', () => {
    const { descriptor } = harness().module;
    const config = descriptor.config.parse(harness().config);
    expect(descriptor.title).not.toBe('');
    expect(descriptor.permissions.length).toBeGreaterThan(0);
    const location = descriptor.location(config);
    expect(location).not.toBe('');
    expect(redactSecrets(location, harness().secretValues)).toBe(location);
    expect(descriptor.capabilities.every(({ declared }) => declared)).toBe(true);
    if (harness().secret !== null) expect(descriptor.credentialKinds).toContain(harness().secret?.kind);
  });

  it('refuses unknown fields of the configuration by name', () => {
    const checked = harness().module.descriptor.config.safeParse({ ...harness().config, surprise: 1 });
    expect(checked.success).toBe(false);
    expect(JSON.stringify(checked.error?.issues)).toContain('surprise');
  });

  it('declares as capabilities what the connector can do', async () => {
    const connector = await harness().open('right');
    const declared = harness().module.descriptor.capabilities;
    const can = (flag: string): boolean => declared.find((one) => one.name === flag)?.supported ?? false;
    expect('apply' in connector).toBe(can('apply'));
    if (harness().single !== true) {
      const untagged = harness().expected.filter(({ tags }) => tags.length === 0);
      const { resources } = await readAll(connector);
      expect(resources.some(({ tags }) => tags.length === 0)).toBe(can('list-untagged'));
      expect(untagged.length).toBeGreaterThan(0);
    }
    const one = harness().expected[0]?.resource ?? '';
    const filtered = await readAll(connector, [one]);
    expect(filtered.resources.length === 1).toBe(can('filter-resources'));
    await connector.close();
  });
}

function describeReading(harness: () => ConnectorHarness): void {
  it('tells who it is and what it may do', async () => {
    const connector = await harness().open('right');
    const health = await connector.health(new AbortController().signal);
    const probed = health.capabilities.filter(({ declared }) => !declared);
    expect(probed.length).toBeGreaterThan(0);
    expect(probed.every(({ checkedAt }) => checkedAt !== null)).toBe(true);
    const lacking = probed.filter(({ supported }) => !supported).map(({ name }) => name);
    expect(lacking).toEqual(harness().unsupported ?? []);
    await connector.close();
  });

  it('reads everything, tagged or not, once, in batches of at most 1,000, each unit completed after its batches', async () => {
    const connector = await harness().open('right');
    const { events, resources } = await readAll(connector);
    expect(sorted(resources.map(asExpected))).toEqual(sorted(harness().expected));
    expect(new Set(resources.map(identityOf)).size).toBe(resources.length);
    expect(events.filter(({ type }) => type === 'error')).toEqual([]);
    expectWellFormed(events);
    const complete = completedOf(events);
    for (const unit of unitsOf(harness().expected)) expect(complete).toContain(keyOf(unit));
    await connector.close();
  });

  it('gives the same answer when it is asked again', async () => {
    const connector = await harness().open('right');
    const first = await readAll(connector);
    const second = await readAll(connector);
    expect(sorted(second.resources.map(asExpected))).toEqual(sorted(first.resources.map(asExpected)));
    await connector.close();
  });

  it('reads only the resources asked for, and passes over ids that do not exist', async () => {
    const connector = await harness().open('right');
    const [first, last] = [harness().expected[0], harness().expected.at(-1)];
    const missing = `${first?.resource.slice(0, -4)}0000`;
    const wanted = [first?.resource ?? '', last?.resource ?? '', missing];
    const { resources, events } = await readAll(connector, wanted);
    const expected = harness().expected.filter(({ resource }) => wanted.includes(resource));
    expect(sorted(resources.map(asExpected))).toEqual(sorted(expected));
    expect(events.filter(({ type }) => type === 'error')).toEqual([]);
    await connector.close();
  });
}

function describeFaults(harness: () => ConnectorHarness): void {
  it('says which unit it could not read, never completes it, and reads the rest', async () => {
    const broken = unitsOf(harness().expected)[0] as ReadUnit;
    harness().breakUnit(broken);
    const connector = await harness().open('right');
    if (harness().single === true) {
      const error = await failureOf(readAll(connector));
      expect(error.retryable).toBe(true);
      expectNoSecret(harness(), error.message, error.details, error.cause);
      return connector.close();
    }
    const { events, resources } = await readAll(connector);
    const errors = events.flatMap((event) => (event.type === 'error' ? [event.error] : []));
    expect(errors.map(({ scope }) => scope)).toContain(broken.scope);
    for (const { message } of errors) expectNoSecret(harness(), message);
    expect(completedOf(events)).not.toContain(keyOf(broken));
    const others = harness().expected.filter((one) => keyOf(one) !== keyOf(broken));
    const read = resources.filter((one) => keyOf(one) !== keyOf(broken));
    expect(sorted(read.map(asExpected))).toEqual(sorted(others));
    expectWellFormed(events);
    await connector.close();
  });

  it('says within two seconds that the credential is wrong, without showing it', async () => {
    if (harness().secret === null) return;
    const connector = await harness().open('wrong-secret');
    const began = performance.now();
    const error = await failureOf(connector.health(new AbortController().signal));
    expect(error.code).toBe('REMOTE_AUTH_FAILED');
    expectNoSecret(harness(), error.message, error.details, error.cause);
    expect((await failureOf(readAll(connector))).code).toBe('REMOTE_AUTH_FAILED');
    expect(performance.now() - began).toBeLessThan(SOON_MS);
    await connector.close();
  });

  it('says within two seconds that nobody is there', async () => {
    const connector = await harness().open('unreachable');
    const began = performance.now();
    const error = await failureOf(connector.health(new AbortController().signal));
    expect(error.code).toBe('REMOTE_UNREACHABLE');
    expect(error.retryable).toBe(true);
    expectNoSecret(harness(), error.message, error.details, error.cause);
    expect(performance.now() - began).toBeLessThan(SOON_MS);
    await connector.close();
  });
}

function describeEnding(harness: () => ConnectorHarness): void {
  it('ends with CANCELLED within a second when it is aborted, even while the remote hangs', async () => {
    const connector = await harness().open('right');
    harness().hang();
    const abort = new AbortController();
    const reading = failureOf(readAll(connector, null, abort.signal));
    const asking = failureOf(connector.health(abort.signal));
    setTimeout(() => abort.abort(), 50);
    const began = performance.now();
    expect((await reading).code).toBe('CANCELLED');
    expect((await asking).code).toBe('CANCELLED');
    expect(performance.now() - began).toBeLessThan(1_050);
    await connector.close();
  });

  it('does not begin when it was aborted before', async () => {
    const connector = await harness().open('right');
    expect((await failureOf(readAll(connector, null, AbortSignal.abort()))).code).toBe('CANCELLED');
    await connector.close();
  });

  it('may be left in the middle, and closed twice', async () => {
    const connector = await harness().open('right');
    const { signal } = new AbortController();
    for await (const event of connector.listResources({ resources: null, signal }))
      if (event.type === 'resources') break;
    await connector.close();
    await connector.close();
  });
}

interface Reading {
  readonly events: readonly InventoryEvent[];
  readonly resources: readonly Resource[];
}

async function readAll(
  connector: Connector,
  resources: readonly string[] | null = null,
  signal: AbortSignal = new AbortController().signal,
): Promise<Reading> {
  const events: InventoryEvent[] = [];
  for await (const event of connector.listResources({ resources, signal })) events.push(event);
  return {
    events,
    resources: events.flatMap((event) => (event.type === 'resources' ? event.resources : [])),
  };
}

async function failureOf(work: Promise<unknown>): Promise<HygieneError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HygieneError);
  return error as HygieneError;
}

function expectWellFormed(events: readonly InventoryEvent[]): void {
  const complete = new Set<string>();
  for (const event of events) {
    if (event.type === 'resources') {
      expect(event.resources.length).toBeGreaterThan(0);
      expect(event.resources.length).toBeLessThanOrEqual(1_000);
      expect(complete.has(keyOf(event.unit))).toBe(false);
      for (const one of event.resources) {
        expect(one.scope).toBe(event.unit.scope);
        if (event.unit.resourceType !== null) expect(one.resourceType).toBe(event.unit.resourceType);
        expect(new Set(one.tags.map(({ name }) => name)).size).toBe(one.tags.length);
      }
    }
    if (event.type === 'complete') {
      expect(complete.has(keyOf(event.unit))).toBe(false);
      complete.add(keyOf(event.unit));
    }
  }
}

function expectNoSecret(harness: ConnectorHarness, ...shown: readonly unknown[]): void {
  const text = shown
    .map((one) => (one instanceof Error ? `${one.stack}${JSON.stringify(one)}` : JSON.stringify(one)))
    .join();
  expect(redactSecrets(text, harness.secretValues)).toBe(text);
}

function completedOf(events: readonly InventoryEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'complete' ? [keyOf(event.unit)] : []));
}

function unitsOf(resources: readonly ExpectedResource[]): ReadUnit[] {
  const units = resources.map(({ scope, resourceType }): [string, ReadUnit] => [
    keyOf({ scope, resourceType }),
    { scope, resourceType },
  ]);
  return [...new Map(units).values()];
}

function keyOf({ scope, resourceType }: ReadUnit): string {
  return `${scope} ${resourceType}`;
}

function identityOf({ scope, resourceType, resource }: ExpectedResource | Resource): string {
  return `${scope} ${resourceType} ${resource}`;
}

function asExpected({ scope, resource, resourceType, tags }: Resource): ExpectedResource {
  return { scope, resource, resourceType, tags: tags.map(({ name, value }) => [name, value] as const) };
}

function sorted(resources: readonly ExpectedResource[]): ExpectedResource[] {
  return resources
    .map((one) => ({ ...one, tags: [...one.tags].sort(([a], [b]) => (a < b ? -1 : 1)) }))
    .sort((a, b) => (identityOf(a) < identityOf(b) ? -1 : 1));
}
