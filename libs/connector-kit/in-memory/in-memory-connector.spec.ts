import type { Resource } from '#core';
import { describeConnector } from '../conformance/index.js';
import { inMemoryConnector } from './in-memory-connector.js';
import { inMemoryWorld, unitKey } from './in-memory-world.js';
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

describeConnector('the in-memory connector', async () => {
  const many = Array.from({ length: 2_500 }, (_, n) =>
    resource('one', 'volume', `vol-${10_000 + n}`, { n: String(n) }),
  );
  const world = inMemoryWorld([
    resource('one', 'instance', 'i-10001', { Name: 'web' }),
    resource('two', 'instance', 'i-10002', {}),
    ...many,
  ]);
  world.password = TOKEN;
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
});
