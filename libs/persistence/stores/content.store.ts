import { sql } from 'kysely';
import type { ContentStore } from '#application';
import type { JsonObject } from '#core';
import { toJson } from '../connection/clean-text.js';
import type { Db } from '../connection/transactions.js';

const DIGESTS_A_STATEMENT = 5_000;

export class PostgresContentStore implements ContentStore {
  constructor(private readonly db: Db) {}

  async get(digests: readonly string[]): Promise<ReadonlyMap<string, JsonObject>> {
    const known = new Map<string, JsonObject>();
    for (const chunk of chunksOf([...new Set(digests)])) {
      const { rows } = await sql<{ digest: string; facts: JsonObject; stale: boolean }>`
        select c.digest, c.facts, c.used_at < now() - interval '7 days' as stale
        from tagward.content c where c.digest = any(${chunk}::text[])
      `.execute(this.db);
      for (const { digest, facts } of rows) known.set(digest, facts);
      await this.noteUse(rows.filter(({ stale }) => stale).map(({ digest }) => digest));
    }
    return known;
  }

  async put(facts: ReadonlyMap<string, JsonObject>): Promise<void> {
    // In one order for everybody: two workers that store the same content wait for each other, and never both.
    for (const chunk of chunksOf([...facts].sort(([a], [b]) => (a < b ? -1 : 1)))) {
      await sql`
        insert into tagward.content (digest, facts)
        select * from unnest(
          ${chunk.map(([digest]) => digest)}::text[], ${chunk.map(([, one]) => toJson(one))}::jsonb[]
        )
        on conflict (digest) do nothing
      `.execute(this.db);
    }
  }

  async trim(notUsedSince: Date): Promise<number> {
    for (let trimmed = 0; ;) {
      const { numAffectedRows } = await sql`
        delete from tagward.content c where c.digest in (
          select o.digest from tagward.content o where o.used_at < ${notUsedSince} limit ${DIGESTS_A_STATEMENT} for update skip locked
        )
      `.execute(this.db);
      const count = Number(numAffectedRows ?? 0);
      trimmed += count;
      if (count < DIGESTS_A_STATEMENT) return trimmed;
    }
  }

  /** Rows that somebody else is noting at the moment are noted. */
  private async noteUse(digests: readonly string[]): Promise<void> {
    if (digests.length === 0) return;
    await sql`
      update tagward.content c set used_at = now() where c.digest in (
        select o.digest from tagward.content o where o.digest = any(${[...digests]}::text[]) for update skip locked
      )
    `.execute(this.db);
  }
}

function chunksOf<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / DIGESTS_A_STATEMENT) }, (_, n) =>
    items.slice(n * DIGESTS_A_STATEMENT, (n + 1) * DIGESTS_A_STATEMENT),
  );
}
