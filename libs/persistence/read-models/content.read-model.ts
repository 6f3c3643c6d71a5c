import { sql } from 'kysely';
import type { ManifestRecord } from '#application';
import type { JsonObject } from '#core';
import type { Db } from '../connection/transactions.js';
import { manifestRecord, withChildren } from '../rows/manifest.row.js';
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

/** An index in an index in an index; deeper ones are not asked for. */
const LEVELS = 3;

/** Looking at content is no use of it: only scans keep facts alive. */
export async function manifestsByDigest(
  db: Db,
  digests: readonly string[],
): Promise<ReadonlyMap<string, ManifestRecord>> {
  const known = new Map<string, ManifestRecord>();
  let wanted = digests;
  for (let level = 0; wanted.length > 0 && level < LEVELS; level += 1) {
    const found = await contentOf(db, wanted);
    for (const manifest of found) known.set(manifest.digest, manifest);
    wanted = [...new Set(found.flatMap(({ children }) => children))].filter((digest) => !known.has(digest));
  }
  const wholeOf = wholesOf(known);
  const whole = new Map(digests.map((digest) => [digest, wholeOf(digest, LEVELS)]));
  return new Map([...whole].flatMap(([digest, manifest]) => (manifest === null ? [] : [[digest, manifest]])));
}

/** Each manifest is made whole once for each level, however often indexes name it. */
function wholesOf(
  known: ReadonlyMap<string, ManifestRecord>,
): (digest: string, levels: number) => ManifestRecord | null {
  const made = new Map<string, ManifestRecord | null>();
  const wholeOf = (digest: string, levels: number): ManifestRecord | null => {
    const manifest = known.get(digest);
    if (manifest === undefined || levels === 0) return null;
    const key = `${levels} ${digest}`;
    const before = made.get(key);
    if (before !== undefined) return before;
    const whole = withChildren(
      manifest,
      manifest.children.map((child) => wholeOf(child, levels - 1)),
    );
    made.set(key, whole);
    return whole;
  };
  return wholeOf;
}

async function contentOf(db: Db, digests: readonly string[]): Promise<ManifestRecord[]> {
  const { rows } = await sql<{ digest: string; facts: JsonObject }>`
    select c.digest, c.facts from tagward.content c where c.digest = any(${[...digests]}::text[])
  `.execute(db);
  return rows.flatMap(({ digest, facts }) => manifestRecord(digest, facts) ?? []);
}
