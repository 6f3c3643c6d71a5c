import { HygieneError, type InventoryEvent, type ReadUnit, type Resource } from '#core';
import { toScanError } from '../errors.js';
import type { DescribeSpec, ResourceTypeSpec } from '../resource-types/resource-type.js';
import type { AwsSession } from '../session/aws-session.js';
import { endless, pagesOf } from './pages.js';
import { tagsOf, toResource, type Item } from './to-resource.js';
import { managedBy } from './managed-by.js';

/** Types to read, with the ids that are wanted of each; null wants all. */
export interface WantedType {
  readonly spec: ResourceTypeSpec;
  readonly ids: ReadonlySet<string> | null;
}

const BATCH = 1_000;
/** The most values that one request may filter by (API_Filter). */
const FILTER_VALUES = 200;
const TAG_PAGE = 1_000;
/** Units in a row that may fail before the region counts as out of order. */
const FAULTS_IN_A_ROW = 5;
/** Faults that every other unit of the region would meet as well. */
const OF_THE_REGION = new Set(['REMOTE_AUTH_FAILED', 'REMOTE_UNREACHABLE']);
/** Faults that are not of a unit or a region, but of the work as a whole. */
const OF_THE_TARGET = new Set(['CANCELLED', 'ADDRESS_REFUSED', 'INTERNAL']);

/** A fault that ends the reading of a region. */
export class RegionFault extends Error {
  override readonly name = 'RegionFault';
  constructor(readonly error: HygieneError) {
    super(error.message, { cause: error });
  }
}

/** Reads the units of one account and region. */
export class RegionReader {
  readonly scope: string;
  private faultsInARow = 0;

  constructor(
    private readonly session: AwsSession,
    private readonly account: string,
    readonly region: string,
  ) {
    this.scope = `${account}/${region}`;
  }

  /** One type by its own action; where the region does not know the action, DescribeTags says whether it has the type at all. */
  async *readType({ spec, ids }: WantedType, signal: AbortSignal): AsyncGenerator<InventoryEvent> {
    const { describe } = spec;
    if (describe === null) {
      yield* this.readTagged([{ spec, ids }], signal);
      return;
    }
    const unit = { scope: this.scope, resourceType: spec.type };
    try {
      yield* this.batches({ unit, describe, ids }, signal);
      yield { type: 'complete', unit };
      this.faultsInARow = 0;
    } catch (error) {
      if (!(error instanceof HygieneError)) throw error;
      if (error.code === 'OPERATION_UNSUPPORTED') yield* this.readUnknown({ spec, ids }, error, signal);
      else yield this.unitFault(error);
    }
  }

  /**
   * A type whose action the region does not know. When no tag of the type is there either, the region does not offer it. When there
   * are some, its untagged resources stay unseen, so that the unit must not count as read.
   */
  private async *readUnknown(
    { spec, ids }: WantedType,
    refusal: HygieneError,
    signal: AbortSignal,
  ): AsyncGenerator<InventoryEvent> {
    let isOffered = ids !== null;
    for await (const event of this.readTagged([{ spec, ids }], signal)) {
      if (event.type === 'complete' && isOffered) yield this.unitFault(refusal);
      else yield event;
      isOffered ||= event.type === 'resources';
    }
  }

  /** Several types by the tags they carry, in one list: what carries none is not seen. */
  async *readTagged(wanted: readonly WantedType[], signal: AbortSignal): AsyncGenerator<InventoryEvent> {
    try {
      const found = await this.taggedResources(wanted, signal);
      for (const { spec, ids } of wanted) {
        const unit: ReadUnit = { scope: this.scope, resourceType: spec.type };
        const resources = (found.get(spec.type) ?? []).filter(
          ({ resource }) => ids === null || ids.has(resource),
        );
        for (const batch of chunks(resources, BATCH)) yield { type: 'resources', unit, resources: batch };
        yield { type: 'complete', unit };
      }
      this.faultsInARow = 0;
    } catch (error) {
      if (!(error instanceof HygieneError)) throw error;
      yield this.unitFault(error);
    }
  }

  private async *batches(
    {
      unit,
      describe,
      ids,
    }: { unit: ReadUnit & { resourceType: string }; describe: DescribeSpec; ids: ReadonlySet<string> | null },
    signal: AbortSignal,
  ): AsyncGenerator<InventoryEvent> {
    const context = { unit, account: this.account, describe };
    const seen = new Set<string>();
    for (const input of inputsFor(describe, ids))
      for await (const items of pagesOf(this.session, { ...describe, region: this.region, input }, signal)) {
        const before = seen.size;
        const fresh = items.filter((item) => isNew(item[describe.idMember], seen));
        if (seen.size === before) throw endless(describe.operation, this.region);
        const resources = fresh
          .map((item) => toResource(item, context))
          .filter((one): one is Resource => one !== null && (ids === null || ids.has(one.resource)));
        for (const batch of chunks(resources, BATCH)) yield { type: 'resources', unit, resources: batch };
      }
  }

  private async taggedResources(
    wanted: readonly WantedType[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly Resource[]>> {
    const rows = new Map<string, Map<string, Item[]>>();
    const input = { Filters: [{ Name: 'resource-type', Values: wanted.map(({ spec }) => spec.type) }] };
    const request = {
      operation: 'DescribeTags',
      listPath: ['Tags'],
      pageSize: TAG_PAGE,
      region: this.region,
      input,
    };
    for await (const page of pagesOf(this.session, request, signal))
      for (const row of page) collect(rows, row);
    return new Map(
      [...rows].map(([type, byId]) => [type, [...byId].map(([id, tags]) => this.fromTags(type, id, tags))]),
    );
  }

  private fromTags(resourceType: string, resource: string, rows: readonly Item[]): Resource {
    const tags = tagsOf(rows);
    return {
      scope: this.scope,
      resource,
      resourceType,
      createdAt: null,
      tags,
      managedBy: managedBy(tags),
      facts: {},
    };
  }

  /** The event for a unit that failed; throws when the fault is larger than the unit. */
  private unitFault(error: HygieneError): InventoryEvent {
    if (OF_THE_TARGET.has(error.code)) throw error;
    this.faultsInARow += 1;
    const many = error.retryable && this.faultsInARow >= FAULTS_IN_A_ROW;
    if (OF_THE_REGION.has(error.code) || many) throw new RegionFault(error);
    return { type: 'error', error: toScanError(error, this.scope) };
  }
}

/** One input that lists all; or inputs that filter by id; or one that lists all for the ids to be picked from it. */
function inputsFor({ input, idFilter, filterMember }: DescribeSpec, ids: ReadonlySet<string> | null) {
  if (ids === null || idFilter === null) return [input];
  return chunks([...ids], FILTER_VALUES).map((values) => ({
    ...input,
    [filterMember]: [{ Name: idFilter, Values: values }],
  }));
}

function isNew(id: unknown, seen: Set<string>): boolean {
  if (typeof id !== 'string') return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return true;
}

function collect(rows: Map<string, Map<string, Item[]>>, row: Item): void {
  const { ResourceType: type, ResourceId: id } = row;
  if (typeof type !== 'string' || typeof id !== 'string') return;
  const byId = rows.get(type) ?? new Map<string, Item[]>();
  rows.set(type, byId);
  byId.set(id, [...(byId.get(id) ?? []), row]);
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, n) =>
    values.slice(n * size, (n + 1) * size),
  );
}
