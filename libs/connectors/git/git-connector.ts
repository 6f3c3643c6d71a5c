import { join } from 'node:path';
import {
  HygieneError,
  type Capability,
  type Connector,
  type ConnectorEnvironment,
  type ConnectorHealth,
  type ConnectorModule,
  type InventoryEvent,
  type ListRequest,
  type OpenRequest,
  type PointerFact,
  type Resource,
  type ScanError,
} from '#core';
import { OutboundGuard, throwIfCancelled } from '#connector-kit';
import { checkGitAddresses } from './check-addresses.js';
import { remoteOf, type GitConfig } from './config.js';
import { createTransport } from './create-transport.js';
import { parseCredential, type GitCredential } from './credentials.js';
import { gitDescriptor } from './descriptor.js';
import { partialFault } from './errors.js';
import { factsInObjects } from './objects/add-facts.js';
import { factBookOf } from './objects/fact-book.js';
import { GitProgram } from './objects/git-program.js';
import { ObjectCache } from './objects/object-cache.js';
import { ObjectReader } from './objects/object-reader.js';
import { Pace } from './pace.js';
import { PrivateFolder } from './private-folder.js';
import { repositoryOf, type GitRemote } from './remote-url.js';
import type { GitTransport, OpenPack } from './transport/transport.js';
import type { ServerCapabilities } from './wire/capabilities.js';
import { listTags, probe, type TagListing } from './wire/list-tags.js';

export const gitConnector: ConnectorModule<GitConfig> = { descriptor: gitDescriptor, open };

const NO_FILTER =
  'its server cannot leave file contents out of a fetch (filter), which reading dates, taggers, messages and signatures needs. With git, set uploadpack.allowFilter=true there.';

async function open({ config, secret, environment }: OpenRequest<GitConfig>): Promise<Connector> {
  const remote = remoteOf(config);
  const credential = parseCredential(secret, remote, config.forge);
  const guard = new OutboundGuard(environment.outbound);
  await checkGitAddresses(config, guard);
  const base = join(environment.cacheDirectory, 'git');
  await ObjectCache.clean(base, environment.now());
  await PrivateFolder.clean(base, environment.now());
  return new GitConnector({ remote, credential, guard, environment, base });
}

interface GitConnectorOptions {
  readonly remote: GitRemote;
  readonly credential: GitCredential;
  readonly guard: OutboundGuard;
  readonly environment: ConnectorEnvironment;
  readonly base: string;
}

class GitConnector implements Connector {
  private readonly scope: string;
  private readonly pace: Pace;
  private readonly transport: GitTransport;
  private folderMade: Promise<PrivateFolder> | null = null;

  constructor(private readonly options: GitConnectorOptions) {
    const { remote, environment } = options;
    const { now } = environment;
    this.scope = repositoryOf(remote);
    this.pace = new Pace(now, remote.host);
    this.transport = createTransport({ ...options, now, folder: () => this.folder() });
  }

  async health(signal: AbortSignal): Promise<ConnectorHealth> {
    throwIfCancelled(signal);
    const { remote } = this.options;
    const can = await this.pace.once(() => this.converse(probe, signal), signal);
    const dates = can.filter ? await this.gitVersion(signal) : { supported: false, detail: NO_FILTER };
    return {
      identity: remote.user === null ? null : `${remote.user}@${remote.host}`,
      capabilities: [
        this.probed('list', true, `protocol ${can.protocol}`),
        this.probed('object-format', true, can.objectFormat),
        this.probed('dates', dates.supported, dates.detail),
      ],
    };
  }

  async *listResources(request: ListRequest): AsyncGenerator<InventoryEvent, void, undefined> {
    const { resources, scopes = null, facts, signal } = request;
    throwIfCancelled(signal);
    const { scope } = this;
    if (resources?.includes(scope) === false || scopes?.includes(scope) === false) return;
    const unit = { scope, resourceType: 'repository' };
    const listing = await this.pace.patiently(() => this.converse(listTags, signal), signal);
    const { tags, errors } = await this.withFacts(listing, factsInObjects(facts), signal);
    yield { type: 'resources', unit, resources: [this.resource({ ...listing, tags })] };
    // A line that could not be read may have been any tag: nothing counts as gone then.
    const isWhole = listing.faults.malformed === 0;
    if (isWhole) yield { type: 'complete', unit };
    for (const error of [...this.listingErrors(listing), ...errors]) yield { type: 'error', error };
    if (isWhole) yield { type: 'all-scopes' };
    yield { type: 'progress', done: 1, total: 1 };
  }

  async close(): Promise<void> {
    await this.transport.close();
    const folder = await this.folderMade;
    await folder?.remove();
  }

  private async converse<T>(work: (pack: OpenPack) => Promise<T>, signal: AbortSignal): Promise<T> {
    const pack = await this.transport.open(signal);
    try {
      return await work(pack);
    } catch (fault) {
      throw await pack.explain(fault);
    } finally {
      await pack.close();
    }
  }

  private async withFacts(
    { tags, capabilities }: TagListing,
    asked: ReadonlySet<PointerFact>,
    signal: AbortSignal,
  ): Promise<{ tags: TagListing['tags']; errors: readonly ScanError[] }> {
    if (asked.size === 0 || tags.length === 0) return { tags, errors: [] };
    if (!capabilities.filter)
      return { tags, errors: [this.unknownFacts('OPERATION_UNSUPPORTED', NO_FILTER)] };
    const book = factBookOf(tags, asked);
    try {
      await (await this.reader(capabilities)).read(book, signal);
      return { tags: book.tags(), errors: [] };
    } catch (fault) {
      if (!(fault instanceof HygieneError) || fault.code === 'CANCELLED') throw fault;
      return { tags, errors: [this.unknownFacts(fault.code, fault.message, fault.retryable)] };
    }
  }

  private async reader({ objectFormat }: ServerCapabilities): Promise<ObjectReader> {
    const { base } = this.options;
    return new ObjectReader({
      ...this.options,
      folder: await this.folder(),
      cacheBase: base,
      format: objectFormat,
    });
  }

  private unknownFacts(code: ScanError['code'], why: string, retryable = false): ScanError {
    const { url } = this.options.remote;
    const said = `The tags of ${url} were read, but not their dates, taggers, messages and signatures: ${why}`;
    return partialFault(this.scope, code, said, retryable);
  }

  private listingErrors({ faults }: TagListing): readonly ScanError[] {
    const { url } = this.options.remote;
    const say = (text: string): ScanError => partialFault(this.scope, 'REMOTE_REPLY_INVALID', text);
    const malformed = `${faults.malformed} refs of ${url} were left out: their names or ids are none that git allows, or no UTF-8. Rename them on the server.`;
    const contradictory = `${url} lists ${faults.contradictory} tags twice, with different ids; where they point is taken as unknown. Check what answers at that address.`;
    return [
      ...(faults.malformed > 0 ? [say(malformed)] : []),
      ...(faults.contradictory > 0 ? [say(contradictory)] : []),
    ];
  }

  private resource({ tags, head, symbolic, capabilities }: TagListing): Resource {
    const { scope } = this;
    return {
      ...{ scope, resource: scope, resourceType: 'repository', createdAt: null, managedBy: null, tags },
      facts: { objectFormat: capabilities.objectFormat, head, symbolic },
    };
  }

  private async gitVersion(signal: AbortSignal): Promise<{ supported: boolean; detail: string }> {
    const { home } = await this.folder();
    try {
      const version = await new GitProgram({ home, origin: this.options.remote.url, signal }).version();
      return { supported: true, detail: `git ${version}` };
    } catch (fault) {
      if (!(fault instanceof HygieneError) || fault.code !== 'OPERATION_UNSUPPORTED') throw fault;
      return { supported: false, detail: fault.message };
    }
  }

  private probed(name: string, supported: boolean, detail: string): Capability {
    return { name, supported, declared: false, detail, checkedAt: new Date(this.options.environment.now()) };
  }

  private folder(): Promise<PrivateFolder> {
    this.folderMade ??= PrivateFolder.make(this.options.base);
    return this.folderMade;
  }
}
