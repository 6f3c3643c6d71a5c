import { sql } from 'kysely';
import type { ManifestRecord } from '#application';
import type { JsonObject } from '#core';
import type { Db } from '../connection/transactions.js';
import { manifestRecord } from '../rows/manifest.row.js';
import { ROW_ID } from './row-id.js';

const MOST_DIGESTS = 200;

/** Each once, in their order, the first 200 of a resource. */
export async function digestsOfResources(
  db: Db,
  resourceIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const ids = resourceIds.filter((id) => ROW_ID.test(id));
  const { rows } = await sql<{ id: number; digests: string[] }>`
    select i.id, array(
      select distinct t.digest collate "C" as digest
      from (select k.digest from tagward.tag k where k.resource_id = i.id and k.missing_since is null offset 0) as t
      where t.digest is not null
      order by digest
      limit ${MOST_DIGESTS}
    ) as digests
    from unnest(${ids}::bigint[]) as i(id)
  `.execute(db);
  return new Map(rows.map(({ id, digests }) => [String(id), digests]));
}

/** Looking at content is no use of it: only scans keep facts alive. */
export async function manifestsByDigest(
  db: Db,
  digests: readonly string[],
): Promise<ReadonlyMap<string, ManifestRecord>> {
  const { rows } = await sql<{ digest: string; facts: JsonObject }>`
    select c.digest, c.facts from tagward.content c where c.digest = any(${[...digests]}::text[])
  `.execute(db);
  const found = new Map<string, ManifestRecord>();
  for (const { digest, facts } of rows) {
    const manifest = manifestRecord(digest, facts);
    if (manifest !== null) found.set(digest, manifest);
  }
  return found;
}
