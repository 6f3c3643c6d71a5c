import { isScoped, type Resource, type ScopedConnector } from '#core';
import { describe, expect, it } from 'vitest';
import { type ConnectorHarness, describeConnector } from '../conformance/index.js';
import { inMemoryConnector } from './in-memory-connector.js';
import { type InMemoryWorld, inMemoryWorld, unitKey } from './in-memory-world.js';
import { memoryEnvironment } from './memory-environment.js';

const TOKEN = 'a-token-of-the-memory';

function resource(scope: string, resourceType: string, id: string, tags: Record<string, string>): Resource {
  return {
    scope,
    resource: id,
    resourceType,
    createdAt: null,
    tags: Object.entries(tags).map(([name, value]) => ({ name, value, digest: null, createdAt: null })),
    managedBy: null,
    facts: {},
  };
}

describeConnector('the in-memory connector', () => harness(false));
describeConnector('the in-memory connector of a world with many scopes', () => harness(true));

async function harness(scoped: boolean): Promise<ConnectorHarness> {
  const many = Array.from({ length: 2_500 }, (_, n) =>
    resource('one', 'volume', `vol-${10_000 + n}`, { n: String(n) }),
  );
  const world = inMemoryWorld([
    resource('one', 'instance', 'i-10001', { Name: 'web' }),
    resource('two', 'instance', 'i-10002', {}),
    ...many,
  ]);
  world.password = TOKEN;
  world.scoped = scoped;
  const module = inMemoryConnector(world);
  const environment = memoryEnvironment();
  return {
    module,
    config: { name: 'test' },
    secret: { kind: 'BEARER', values: { token: TOKEN } },
    secretValues: [TOKEN, 'another-token'],
    expected: world.resources.map(({ tags, ...one }) => ({
      ...{ scope: one.scope, resource: one.resource, resourceType: one.resourceType },
      tags: tags.map(({ name, value }) => [name, value] as const),
    })),
    open: async (how) => {
      world.reachable = how !== 'unreachable';
      const token = how === 'wrong-secret' ? 'another-token' : TOKEN;
      return module.open({
        config: { name: 'test' },
        secret: { kind: 'BEARER', values: { token } },
        environment,
      });
    },
    breakUnit: (unit) => void world.broken.set(unitKey(unit), 'REMOTE_FAULT'),
    hang: () => void (world.hanging = true),
    close: async () => {},
  };
}

describe('the in-memory connector of a world with many scopes', () => {
  const { signal } = new AbortController();

  async function opened(world: InMemoryWorld): Promise<ScopedConnector> {
    const environment = memoryEnvironment();
    const connector = await inMemoryConnector(world).open({ config: {}, secret: null, environment });
    if (!isScoped(connector)) throw new Error('the connector lists no scopes');
    return connector;
  }

  function wide(scopes: number): InMemoryWorld {
    const world = inMemoryWorld(
      Array.from({ length: scopes }, (_, n) => resource(`scope-${n}`, 'repository', `scope-${n}`, {})),
    );
    world.scoped = true;
    return world;
  }

  it('lists each scope once, and reads those asked for', async () => {
    const connector = await opened(wide(250));
    const listed = await all(connector.listScopes(signal));
    const scopes = listed.flatMap((event) => (event.type === 'scopes' ? event.scopes : []));
    expect(scopes).toEqual(Array.from({ length: 250 }, (_, n) => `scope-${n}`));
    const events = await all(
      connector.listResources({ resources: null, scopes: ['scope-7', 'scope-9', 'nowhere'], signal }),
    );
    const complete = events.flatMap((event) => (event.type === 'complete' ? [event.unit.scope] : []));
    expect(complete).toEqual(['scope-7', 'scope-9']);
    expect(events.map(({ type }) => type)).not.toContain('all-scopes');
  });

  it('says that it told of every scope only when it listed them all', async () => {
    const world = wide(4);
    const connector = await opened(world);
    const whole = await all(connector.listResources({ resources: null, signal }));
    expect(whole.at(-1)).toEqual({ type: 'all-scopes' });
    world.catalogFault = 'REMOTE_TIMEOUT';
    const half = await all(connector.listResources({ resources: null, signal }));
    expect(half.at(-1)).toMatchObject({ type: 'error', error: { code: 'REMOTE_TIMEOUT', scope: null } });
    expect(half.filter(({ type }) => type === 'complete')).toHaveLength(2);
  });
});

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const one of stream) seen.push(one);
  return seen;
}
