import DataLoader from 'dataloader';
import type {
  CredentialRecord,
  DeliveryRecord,
  ManifestRecord,
  Page,
  PageRequest,
  ReadModels,
  ScanRecord,
  TagRecord,
  TargetRecord,
  Viewer,
  WebhookDeliveryRecord,
} from '#application';
import { notFound } from '#core';

/** One per edge and request: however many rows ask, one query goes out. */
export interface Loaders {
  readonly target: DataLoader<string, TargetRecord>;
  readonly credential: DataLoader<string, CredentialRecord | null>;
  readonly lastScan: DataLoader<string, ScanRecord | null>;
  readonly tagsOfResource: DataLoader<string, readonly TagRecord[]>;
  readonly digestsOfResource: DataLoader<string, readonly string[]>;
  /** The first page of a webhook's log, by its length and then by the webhook. */
  latestDeliveries(first: number): DataLoader<string, Page<WebhookDeliveryRecord> | null>;
  /** By digest. */
  readonly manifest: DataLoader<string, ManifestRecord | null>;
  readonly deliveriesOfChannel: DataLoader<DeliveriesKey, Page<DeliveryRecord>, string>;
}

export interface DeliveriesKey extends PageRequest {
  readonly channelId: string;
}

const MAX_BATCH = 1_000;

/** @param cache false: what was loaded once is loaded again when it is asked for later, as in a subscription */
export function createLoaders(readModels: ReadModels, viewer: Viewer, cache = true): Loaders {
  const isVisible = (id: string) => viewer.targetIds === null || viewer.targetIds.includes(id);
  const deliveries = new Map<number, Loader<Page<WebhookDeliveryRecord>>>();
  return {
    latestDeliveries: (first) => {
      const known = deliveries.get(first) ?? deliveryLoader(readModels, cache, first);
      deliveries.set(first, known);
      return known;
    },
    target: loader(
      cache,
      async (ids) => readModels.targetsById(ids.filter(isVisible)),
      (id) => notFound('target', id),
    ),
    credential: loader(
      cache,
      (ids) => readModels.credentialsById(ids),
      () => null,
    ),
    lastScan: loader(
      cache,
      (ids) => readModels.lastScans(ids),
      () => null,
    ),
    tagsOfResource: loader(
      cache,
      (ids) => readModels.tagsOfResources(ids),
      () => [],
    ),
    digestsOfResource: loader(
      cache,
      (ids) => readModels.digestsOfResources(ids),
      () => [],
    ),
    manifest: loader(
      cache,
      (digests) => readModels.manifestsByDigest(digests),
      () => null,
    ),
    deliveriesOfChannel: deliveriesLoader(readModels),
  };
}

type Loader<T> = DataLoader<string, T | null>;

function deliveryLoader(
  readModels: ReadModels,
  cache: boolean,
  first: number,
): Loader<Page<WebhookDeliveryRecord>> {
  return loader(
    cache,
    (ids) => readModels.latestDeliveries(ids, first),
    () => null,
  );
}

function loader<T, M>(
  cache: boolean,
  load: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>,
  missing: (id: string) => M,
): DataLoader<string, T | Exclude<M, Error>> {
  return new DataLoader<string, T | Exclude<M, Error>>(
    async (ids) => {
      const found = await load(ids);
      return ids.map((id) => found.get(id) ?? (missing(id) as Exclude<M, Error> | (M & Error)));
    },
    { maxBatchSize: MAX_BATCH, cache },
  );
}

/** Channels that are asked for the same page share one query. */
function deliveriesLoader(readModels: ReadModels): Loaders['deliveriesOfChannel'] {
  const pageOf = ({ first, after }: DeliveriesKey) => JSON.stringify([first, after]);
  return new DataLoader<DeliveriesKey, Page<DeliveryRecord>, string>(
    async (keys) => {
      const found = new Map<string, ReadonlyMap<string, Page<DeliveryRecord>>>();
      for (const [page, asked] of Map.groupBy(keys, pageOf)) {
        const [one] = asked;
        if (one === undefined) continue;
        const ids = asked.map(({ channelId }) => channelId);
        found.set(page, await readModels.deliveriesOfChannels(ids, { first: one.first, after: one.after }));
      }
      return keys.map(
        (key) =>
          found.get(pageOf(key))?.get(key.channelId) ?? notFound('notification channel', key.channelId),
      );
    },
    { maxBatchSize: MAX_BATCH, cacheKeyFn: (key) => `${pageOf(key)} ${key.channelId}` },
  );
}
