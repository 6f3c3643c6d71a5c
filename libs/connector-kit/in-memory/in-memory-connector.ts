import {
  HygieneError,
  type Connector,
  type ConnectorHealth,
  type ConnectorModule,
  type InventoryEvent,
  type JsonObject,
  type ListRequest,
  type OpenRequest,
  type ReadUnit,
  type Resource,
  type ScanError,
  type ScopedConnector,
  type ScopeEvent,
} from '#core';
import { z } from 'zod';
import { cancelled, throwIfCancelled } from '../streams/cancellation.js';
import { unitKey, type InMemoryWorld } from './in-memory-world.js';

const BATCH = 1_000;
const SCOPE_PAGE = 100;

/** A connector whose platform is an object in memory: for tests of what stands on connectors, and the plainest example of one. */
export function inMemoryConnector(world: InMemoryWorld): ConnectorModule {
  return {
    descriptor: {
      platform: world.platform,
      title: 'In memory',
      tagKind: world.platform === 'ec2' ? 'label' : 'pointer',
      config: z.strictObject({ name: z.string().min(1) }),
      location: (config: JsonObject) => `memory ${JSON.stringify(config['name'])}`,
      resourceNamed: (_config, { name }) => name,
      credentialKinds: ['BEARER'],
      capabilities: [
        { name: 'list-untagged', supported: true, declared: true, detail: null, checkedAt: null },
        { name: 'filter-resources', supported: true, declared: true, detail: null, checkedAt: null },
        { name: 'apply', supported: false, declared: true, detail: 'reading only', checkedAt: null },
      ],
      permissions: ['memory:Read'],
    },
    open: async ({ secret, environment }: OpenRequest) => {
      const token = secret?.values['token'] ?? null;
      return world.scoped
        ? new ScopedInMemoryConnector(world, token, environment.now)
        : new InMemoryConnector(world, token, environment.now);
    },
  };
}

class InMemoryConnector implements Connector {
  constructor(
    protected readonly world: InMemoryWorld,
    private readonly token: string | null,
    private readonly now: () => number,
  ) {}

  async health(signal: AbortSignal): Promise<ConnectorHealth> {
    await this.enter(signal);
    const checkedAt = new Date(this.now());
    const read = { name: 'read', supported: true, declared: false, detail: null, checkedAt };
    return { capabilities: [read], identity: 'nobody in particular' };
  }

  async *listResources(request: ListRequest): AsyncGenerator<InventoryEvent> {
    const { resources, scopes = null, signal } = request;
    await this.enter(signal);
    const wanted = resources === null ? null : new Set(resources);
    let done = 0;
    for (const { unit, held } of this.units(wanted)) {
      if (scopes?.includes(unit.scope) === false) continue;
      await this.answer(signal);
      const fault = this.world.broken.get(unitKey(unit));
      if (fault !== undefined) {
        yield {
          type: 'error',
          error: unreadable(unit, new HygieneError(fault, `${nameOf(unit)} was not read.`)),
        };
        continue;
      }
      for (let start = 0; start < held.length; start += BATCH) {
        throwIfCancelled(signal);
        yield { type: 'resources', unit, resources: held.slice(start, start + BATCH) };
      }
      done += held.length;
      yield { type: 'complete', unit };
      yield { type: 'progress', done, total: this.world.resources.length };
    }
  }

  async close(): Promise<void> {}

  protected async enter(signal: AbortSignal): Promise<void> {
    await this.answer(signal);
    if (!this.world.reachable)
      throw new HygieneError('REMOTE_UNREACHABLE', 'The memory is unreachable. Set `reachable` again.');
    if (this.world.password !== null && this.world.password !== this.token)
      throw new HygieneError('REMOTE_AUTH_FAILED', 'The memory refuses this token. Give the right one.');
  }

  protected async answer(signal: AbortSignal): Promise<void> {
    throwIfCancelled(signal);
    if (!this.world.hanging) return;
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(cancelled()), { once: true });
    });
  }

  protected units(wanted: ReadonlySet<string> | null): Iterable<{ unit: ReadUnit; held: Resource[] }> {
    const found = new Map(
      this.world.emptyUnits.map((unit) => [unitKey(unit), { unit, held: [] as Resource[] }]),
    );
    for (const resource of this.world.resources) {
      if (wanted !== null && !wanted.has(resource.resource)) continue;
      const unit = { scope: resource.scope, resourceType: resource.resourceType };
      const entry = found.get(unitKey(unit)) ?? { unit, held: [] };
      entry.held.push(resource);
      found.set(unitKey(unit), entry);
    }
    return found.values();
  }
}

class ScopedInMemoryConnector extends InMemoryConnector implements ScopedConnector {
  override async *listResources(request: ListRequest): AsyncGenerator<InventoryEvent> {
    if (request.resources !== null || (request.scopes ?? null) !== null) {
      yield* super.listResources(request);
      return;
    }
    const scopes: string[] = [];
    const errors: ScanError[] = [];
    for await (const event of this.listScopes(request.signal)) {
      if (event.type === 'error') errors.push(event.error);
      else scopes.push(...event.scopes);
    }
    yield* super.listResources({ ...request, scopes });
    for (const error of errors) yield { type: 'error', error };
    if (errors.length === 0) yield { type: 'all-scopes' };
  }

  async *listScopes(signal: AbortSignal): AsyncGenerator<ScopeEvent> {
    await this.enter(signal);
    const scopes = [...new Set([...this.units(null)].map(({ unit }) => unit.scope))];
    const fault = this.world.catalogFault;
    const listed = fault === null ? scopes : scopes.slice(0, Math.ceil(scopes.length / 2));
    for (let start = 0; start < listed.length; start += SCOPE_PAGE) {
      await this.answer(signal);
      yield { type: 'scopes', scopes: listed.slice(start, start + SCOPE_PAGE) };
    }
    if (fault === null) return;
    const { retryable } = new HygieneError(fault, '');
    const message = `The list of scopes ended after ${listed.length}.`;
    yield { type: 'error', error: { code: fault, message, scope: null, retryable } };
  }
}

function unreadable(unit: ReadUnit, { code, message, retryable }: HygieneError) {
  return { code, message, scope: unit.scope, retryable };
}

function nameOf({ scope, resourceType }: ReadUnit): string {
  return resourceType === null ? scope : `${resourceType} of ${scope}`;
}
