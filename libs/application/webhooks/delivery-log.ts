import { createHash } from 'node:crypto';
import type { Stores } from '../ports/stores.js';
import type { NewDelivery } from '../ports/webhook-store.js';
import { RequestScans } from '../scans/request-scans.js';
import type { UseCaseDependencies } from '../use-case-context.js';
import type { Concern } from './concerned-targets.js';
import { GroupedCalls } from './grouped-calls.js';

const MOST_AT_ONCE = 200;
const LONGEST_ID = 255;
const LONGEST_EVENT = 200;
const LONGEST_ERROR = 2_000;

/** A delivery as it goes into the log, and what it asks for. */
export interface Arrival extends Omit<NewDelivery, 'attempts'> {
  readonly concerns: readonly Concern[];
}

type Key = string | Arrival;

/**
 * Writes deliveries and the scans that they ask for, both in one transaction: a delivery that was answered has its scans, and a delivery id is used
 * once, however many processes get it at the same time.
 */
export class DeliveryLog {
  private readonly requests: RequestScans;
  private readonly writes: GroupedCalls<Arrival, readonly string[]>;

  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'scanQueue' | 'logger'>) {
    this.requests = new RequestScans(deps);
    this.writes = new GroupedCalls((arrivals) => this.write(arrivals), MOST_AT_ONCE);
  }

  /** The ids of the scans that serve the delivery: for one that came before, those that it got then. */
  add(arrival: Arrival): Promise<readonly string[]> {
    return this.writes.add(arrival);
  }

  private async write(arrivals: readonly Arrival[]): Promise<readonly (readonly string[])[]> {
    const groups = Map.groupBy(arrivals, keyOf);
    const { served, created } = await this.deps.database.transaction((stores) => this.store(stores, groups));
    // Nobody waits for the queue: what it does not take is found by the recovery loop of the workers.
    void this.requests.dispatch(created);
    return arrivals.map((arrival) => served.get(keyOf(arrival)) ?? []);
  }

  private async store(stores: Stores, groups: ReadonlyMap<Key, readonly Arrival[]>) {
    const firsts = [...groups].flatMap(([key, [first, ...again]]) =>
      first === undefined ? [] : [{ key, first, attempts: 1 + again.length }],
    );
    const recorded = await stores.webhooks.recordDeliveries(
      firsts.map(({ first, attempts }) => ({ ...tidied(first), attempts })),
    );
    const fresh = firsts.flatMap(({ key, first }, n) => {
      const row = recorded[n];
      return row?.isNew === true && first.concerns.length > 0 ? [{ key, id: row.id, ...first }] : [];
    });
    const scans = await this.request(
      stores,
      fresh.flatMap(({ concerns }) => concerns),
    );
    const settled = fresh.map(({ key, id, concerns }) => ({
      ...{ key, id },
      scanIds: concerns.flatMap(({ targetId }) => scans.get(targetId)?.scan.id ?? []),
    }));
    if (settled.length > 0) await stores.webhooks.settleDeliveries(settled);
    return {
      served: new Map([
        ...firsts.map(({ key }, n) => [key, recorded[n]?.scanIds ?? []] as const),
        ...settled.map(({ key, scanIds }) => [key, scanIds] as const),
      ]),
      created: [...scans.values()].flatMap(({ scan, created }) => (created ? [scan] : [])),
    };
  }

  /** One request a target; the scans by target. */
  private async request(stores: Stores, concerns: readonly Concern[]) {
    const wishes = [...Map.groupBy(concerns, ({ targetId }) => targetId)].map(([targetId, asked]) => {
      const whole = asked.some(({ resources }) => resources === null);
      const resources = whole ? null : [...new Set(asked.flatMap((concern) => concern.resources ?? []))];
      return { targetId, trigger: 'WEBHOOK' as const, rulePacks: null, resources };
    });
    const scans = await this.requests.storeAll(stores, wishes);
    return new Map(scans.map((requested) => [requested.scan.targetId, requested]));
  }
}

/** Deliveries with the same id are one; one without an id is its own. */
function keyOf(arrival: Arrival): Key {
  return arrival.deliveryId === null ? arrival : JSON.stringify([arrival.webhookId, arrival.deliveryId]);
}

function tidied({ concerns: _concerns, ...arrival }: Arrival): Omit<NewDelivery, 'attempts'> {
  return {
    ...arrival,
    event: arrival.event.slice(0, LONGEST_EVENT),
    error: arrival.error?.slice(0, LONGEST_ERROR) ?? null,
    deliveryId: arrival.deliveryId === null ? null : shortened(arrival.deliveryId),
  };
}

function shortened(id: string): string {
  return id.length <= LONGEST_ID ? id : createHash('sha256').update(id).digest('hex');
}
