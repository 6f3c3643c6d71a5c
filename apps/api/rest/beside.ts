import type { ManifestRecord, OperationName, ReadModels, ResourceRecord, TagRecord } from '#application';
import type { ReportFileLinks } from '../features/reports/report-file-links.js';
import type { WebhookLinks } from '../features/webhooks/webhook-links.js';

/** What answers say beside the rows themselves: what GraphQL asks its loaders for. */
export interface Beside {
  readonly links: ReportFileLinks;
  readonly hooks: WebhookLinks;
  /** By digest. */
  readonly manifests: ReadonlyMap<string, ManifestRecord>;
  /** By the resource's id. */
  readonly digests: ReadonlyMap<string, readonly string[]>;
}

type Read = (rows: readonly unknown[], readModels: ReadModels) => Promise<Partial<Beside>>;

/** A row of an operation is what its presenter takes. */
const READ: Partial<Record<OperationName, Read>> = {
  tags: async (rows, readModels) => {
    const digests = (rows as readonly TagRecord[]).flatMap(({ digest }) => digest ?? []);
    return digests.length === 0
      ? {}
      : { manifests: await readModels.manifestsByDigest([...new Set(digests)]) };
  },
  resources: async (rows, readModels) => ({
    digests: await readModels.digestsOfResources((rows as readonly ResourceRecord[]).map(({ id }) => id)),
  }),
};

/** Reads it for the rows of one page, one query a kind, however many rows. */
export async function readBeside(
  name: OperationName,
  rows: readonly unknown[],
  { links, hooks, readModels }: Pick<Beside, 'links' | 'hooks'> & { readModels: ReadModels },
): Promise<Beside> {
  const read = rows.length === 0 ? undefined : READ[name];
  return { links, hooks, manifests: new Map(), digests: new Map(), ...(await read?.(rows, readModels)) };
}
