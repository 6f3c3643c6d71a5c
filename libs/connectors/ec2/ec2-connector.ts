import {
  HygieneError,
  type Capability,
  type Connector,
  type ConnectorHealth,
  type ConnectorModule,
  type InventoryEvent,
  type ListRequest,
  type OpenRequest,
} from '#core';
import {
  mergeBounded,
  OutboundGuard,
  throwIfCancelled,
  type StreamSource,
  PATIENT,
  PROMPT,
} from '#connector-kit';
import type { Ec2Config } from './config.js';
import { ec2Descriptor } from './descriptor.js';
import { toScanError } from './errors.js';
import { RegionFault, RegionReader, type WantedType } from './reading/region-reader.js';
import { RESOURCE_TYPES, typesOfId } from './resource-types/resource-type.js';
import { AwsSession } from './session/aws-session.js';
import { awsHosts } from './session/aws-hosts.js';
import { parseStaticKeys } from './session/static-keys.js';

const REGIONS_AT_ONCE = 16;
/** Lists read side by side in one region. */
const TYPES_AT_ONCE = 8;
/** The least MaxResults that DescribeTags takes. */
const SMALLEST_PAGE = 5;

export const ec2Connector: ConnectorModule<Ec2Config> = { descriptor: ec2Descriptor, open };

async function open({ config, secret, environment }: OpenRequest<Ec2Config>): Promise<Connector> {
  const keys = secret === null ? null : parseStaticKeys(secret);
  const { outbound, now } = environment;
  const own = config.endpoint === undefined ? awsHosts(config.regions) : [];
  const guard = new OutboundGuard({ ...outbound, allow: [...outbound.allow, ...own] });
  if (config.endpoint !== undefined) await guard.check(config.endpoint);
  return new Ec2Connector(config, new AwsSession({ config, keys, guard, now }), now);
}

class Ec2Connector implements Connector {
  constructor(
    private readonly config: Ec2Config,
    private readonly session: AwsSession,
    private readonly now: () => number,
  ) {}

  async health(signal: AbortSignal): Promise<ConnectorHealth> {
    throwIfCancelled(signal);
    const { words } = await this.session.identity(PROMPT, signal);
    const probes = await Promise.all(this.config.regions.map((region) => this.probe(region, signal)));
    const refused = probes.map(({ error }) => error).filter((error) => error !== null);
    const [first] = refused;
    if (first !== undefined && refused.length === probes.length) throw first;
    return { identity: words, capabilities: probes.map(({ capability }) => capability) };
  }

  async *listResources({ resources, signal }: ListRequest): AsyncGenerator<InventoryEvent, void, undefined> {
    throwIfCancelled(signal);
    const { account } = await this.session.identity(PATIENT, signal);
    const wanted = this.wanted(resources);
    const total = this.config.regions.length * wanted.length;
    const regions = this.config.regions.map((region): StreamSource<InventoryEvent> => {
      const reader = new RegionReader(this.session, account, region);
      return (inner) => readRegion(reader, wanted, inner);
    });
    let done = 0;
    for await (const event of mergeBounded(regions, { concurrency: REGIONS_AT_ONCE, signal })) {
      yield event;
      if (event.type !== 'complete') continue;
      done += 1;
      yield { type: 'progress', done, total };
    }
  }

  async close(): Promise<void> {
    this.session.close();
  }

  private async probe(
    region: string,
    signal: AbortSignal,
  ): Promise<{ capability: Capability; error: HygieneError | null }> {
    const name = `read:${region}`;
    const input = { MaxResults: SMALLEST_PAGE };
    try {
      await this.session.describe({ region, operation: 'DescribeTags', input, attempts: PROMPT, signal });
      return { capability: this.probed(name, null), error: null };
    } catch (error) {
      if (!(error instanceof HygieneError) || error.code === 'CANCELLED') throw error;
      return { capability: this.probed(name, error.message), error };
    }
  }

  private probed(name: string, fault: string | null): Capability {
    return {
      name,
      supported: fault === null,
      declared: false,
      detail: fault,
      checkedAt: new Date(this.now()),
    };
  }

  private wanted(resources: readonly string[] | null): readonly WantedType[] {
    const types = this.config.resourceTypes ?? [...RESOURCE_TYPES.keys()];
    const specs = types.map((type) => RESOURCE_TYPES.get(type)).filter((spec) => spec !== undefined);
    if (resources === null) return specs.map((spec) => ({ spec, ids: null }));
    return specs
      .map((spec) => ({ spec, ids: new Set(resources.filter((id) => typesOfId(id).includes(spec))) }))
      .filter(({ ids }) => ids.size > 0);
  }
}

/** Every wanted type of a region. A fault of the whole region is one error, and its other types stay unread. */
async function* readRegion(
  reader: RegionReader,
  wanted: readonly WantedType[],
  signal: AbortSignal,
): AsyncGenerator<InventoryEvent, void, undefined> {
  const tagged = wanted.filter(({ spec }) => spec.describe === null);
  const sources = wanted
    .filter(({ spec }) => spec.describe !== null)
    .map(
      (one): StreamSource<InventoryEvent> =>
        (inner) =>
          reader.readType(one, inner),
    );
  if (tagged.length > 0) sources.push((inner) => reader.readTagged(tagged, inner));
  try {
    yield* mergeBounded(sources, { concurrency: TYPES_AT_ONCE, signal });
  } catch (fault) {
    if (!(fault instanceof RegionFault)) throw fault;
    yield { type: 'error', error: toScanError(fault.error, reader.scope) };
  }
}
