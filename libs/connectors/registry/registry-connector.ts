import {
  HygieneError,
  type ConnectorHealth,
  type ConnectorModule,
  type InventoryEvent,
  type ListRequest,
  type OpenRequest,
  type PointerFact,
  type ScanError,
  type ScopedConnector,
  type ScopeEvent,
} from '#core';
import {
  GuardedHttp,
  mergeBounded,
  OutboundGuard,
  throwIfCancelled,
  type StreamSource,
} from '#connector-kit';
import { parseCredential } from './auth/registry-credential.js';
import { checkRegistryAddress } from './check-address.js';
import { CONNECT_MS, REQUESTS_AT_ONCE } from './client/limits.js';
import { RegistryClient } from './client/registry-client.js';
import type { RegistryConfig } from './config.js';
import { registryDescriptor } from './descriptor.js';
import { isRepositoryName } from './names.js';
import { probeRegistry } from './probing/probe-registry.js';
import { FailureRun } from './reading/failure-run.js';
import { listRepositories } from './reading/repository-list.js';
import { countsPulls } from './client/counts-pulls.js';
import { RepositoryChoice } from './reading/repository-choice.js';
import { RepositoryReader } from './reading/repository-reader.js';

const REPOSITORIES_AT_ONCE = 8;

export const registryConnector: ConnectorModule<RegistryConfig> = { descriptor: registryDescriptor, open };

async function open({ config, secret, environment }: OpenRequest<RegistryConfig>): Promise<ScopedConnector> {
  const credential = secret === null ? null : parseCredential(secret);
  const guard = new OutboundGuard(environment.outbound);
  await checkRegistryAddress(config.url, guard);
  const { caCertificate: ca } = config;
  const limits = { connections: REQUESTS_AT_ONCE, connectMs: CONNECT_MS };
  const http = new GuardedHttp(guard, ca === undefined ? limits : { ...limits, ca });
  const { now, content } = environment;
  const client = new RegistryClient({ registry: new URL(config.url), http, credential, now });
  return new RegistryConnector(
    client,
    new RepositoryReader(client, content, { sparing: countsPulls(config) }),
    {
      choice: new RepositoryChoice(config),
      identity:
        credential === null ? 'anonymous' : credential.kind === 'BASIC' ? credential.user : 'a bearer token',
      now,
    },
  );
}

/** A repository that the registry does not know: an error when someone named it, no tags when the catalog did, nothing when it was asked for. */
type Absence = 'error' | 'empty' | 'pass';
type Wanted = { readonly repository: string; readonly absence: Absence };
type ReadEvent =
  InventoryEvent | { readonly type: 'failed'; readonly fault: HygieneError; readonly repository: string };

interface Listing {
  readonly wanted: readonly Wanted[];
  readonly errors: readonly ScanError[];
  /** Everything that the target has. */
  readonly whole: boolean;
}

interface RegistryTarget {
  readonly choice: RepositoryChoice;
  readonly identity: string;
  readonly now: () => number;
}

class RegistryConnector implements ScopedConnector {
  constructor(
    private readonly client: RegistryClient,
    private readonly reader: RepositoryReader,
    private readonly target: RegistryTarget,
  ) {}

  async health(signal: AbortSignal): Promise<ConnectorHealth> {
    throwIfCancelled(signal);
    const { choice, identity, now } = this.target;
    return { identity, capabilities: await probeRegistry(this.client, choice, { now, signal }) };
  }

  async *listScopes(signal: AbortSignal): AsyncGenerator<ScopeEvent, void, undefined> {
    throwIfCancelled(signal);
    yield* listRepositories(this.client, this.target.choice, signal);
  }

  async *listResources(request: ListRequest): AsyncGenerator<InventoryEvent, void, undefined> {
    const { facts = new Set<PointerFact>(), signal } = request;
    throwIfCancelled(signal);
    const { wanted, errors, whole } = await this.listing(request);
    for (const error of errors) yield { type: 'error', error };
    const run = new FailureRun();
    yield* this.readAll(wanted, { facts, signal, run });
    if (whole && errors.length === 0 && !run.over) yield { type: 'all-scopes' };
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  private async listing({ resources, scopes = null, signal }: ListRequest): Promise<Listing> {
    const { choice } = this.target;
    const given = resources ?? scopes;
    if (given !== null) {
      const absence = resources === null ? 'empty' : 'pass';
      const chosen = [...new Set(given)].filter((name) => isRepositoryName(name) && choice.wants(name));
      const own = (repository: string): Wanted => ({
        repository,
        absence: this.absenceOf(repository, absence),
      });
      return { wanted: chosen.map(own), errors: [], whole: false };
    }
    const wanted: Wanted[] = [];
    const errors: ScanError[] = [];
    for await (const event of listRepositories(this.client, choice, signal))
      if (event.type === 'error') errors.push(event.error);
      else
        for (const repository of event.scopes)
          wanted.push({ repository, absence: this.absenceOf(repository, 'empty') });
    return { wanted, errors, whole: true };
  }

  private absenceOf(repository: string, otherwise: Absence): Absence {
    return otherwise === 'empty' && this.target.choice.named.includes(repository) ? 'error' : otherwise;
  }

  private async *readAll(
    wanted: readonly Wanted[],
    { run, facts, signal }: { run: FailureRun; facts: ReadonlySet<PointerFact>; signal: AbortSignal },
  ): AsyncGenerator<InventoryEvent, void, undefined> {
    const sources = wanted.map(
      (one): StreamSource<ReadEvent> =>
        (inner) =>
          this.readOne(one, facts, inner),
    );
    let done = 0;
    for await (const event of mergeBounded(sources, { concurrency: REPOSITORIES_AT_ONCE, signal })) {
      const ended = event.type === 'failed' || event.type === 'complete';
      const errors =
        event.type === 'failed' ? run.failed(event.fault, event.repository) : ended ? run.read() : [];
      for (const error of errors) yield { type: 'error', error };
      if (event.type !== 'failed') yield event;
      if (ended) yield { type: 'progress', done: (done += 1), total: wanted.length };
      if (run.over) break;
    }
    for (const error of run.end()) yield { type: 'error', error };
  }

  private async *readOne(
    { repository, absence }: Wanted,
    facts: ReadonlySet<PointerFact>,
    signal: AbortSignal,
  ): AsyncGenerator<ReadEvent, void, undefined> {
    const unit = { scope: repository, resourceType: 'repository' };
    try {
      const resource = await this.reader.read({ repository, facts, signal });
      yield { type: 'resources', unit, resources: [resource] };
      yield { type: 'complete', unit };
    } catch (fault) {
      if (!(fault instanceof HygieneError) || fault.code === 'CANCELLED') throw fault;
      if (fault.code === 'NOT_FOUND' && absence === 'pass') return;
      const isUnknown = fault.code === 'NOT_FOUND' && fault.details['word'] === 'NAME_UNKNOWN';
      if (isUnknown && absence === 'empty') yield { type: 'complete', unit };
      else yield { type: 'failed', fault, repository };
    }
  }
}
