import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { HygieneError, type RuleSummary } from '#core';
import type { RulePackRecord, RulePackRef, RulePackStore } from '#application';
import { toJson } from '../connection/clean-text.js';
import { type Db, inTransaction } from '../connection/transactions.js';
import { rulePackRecord } from '../rows/rule-pack.row.js';

export class PostgresRulePackStore implements RulePackStore {
  constructor(private readonly db: Db) {}

  async append(pack: {
    name: string;
    document: string;
    rules: readonly RuleSummary[];
    createdBy: string;
    expectedVersion: number | null;
  }): Promise<RulePackRecord> {
    return inTransaction(this.db, async (db) => {
      const { stored, latest } = await lockPack(db, pack.name);
      if (pack.expectedVersion !== null && pack.expectedVersion !== stored) {
        throw versionConflict(pack.name, pack.expectedVersion, stored);
      }
      const version = latest + 1;
      await db
        .updateTable('tagward.rule_pack')
        .set({ latest_version: version, removed_at: null })
        .where('name', '=', pack.name)
        .execute();
      const row = await db
        .insertInto('tagward.rule_pack_version')
        .values({
          id: uuidv7(),
          name: pack.name,
          version,
          document: pack.document,
          rules: toJson(pack.rules),
          created_by: pack.createdBy,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return rulePackRecord(row);
    });
  }

  /** A version that is named is found even when its pack was removed: old scans refer to it. */
  async find(name: string, version?: number | null): Promise<RulePackRecord | null> {
    const versions = this.db
      .selectFrom('tagward.rule_pack_version as v')
      .innerJoin('tagward.rule_pack as p', 'p.name', 'v.name')
      .selectAll('v')
      .where('v.name', '=', name);
    const wanted =
      version === undefined || version === null
        ? versions.where('p.removed_at', 'is', null).whereRef('v.version', '=', 'p.latest_version')
        : versions.where('v.version', '=', version);
    const row = await wanted.executeTakeFirst();
    return row === undefined ? null : rulePackRecord(row);
  }

  async latest(): Promise<readonly RulePackRecord[]> {
    const rows = await this.db
      .selectFrom('tagward.rule_pack as p')
      .innerJoin('tagward.rule_pack_version as v', (join) =>
        join.onRef('v.name', '=', 'p.name').onRef('v.version', '=', 'p.latest_version'),
      )
      .selectAll('v')
      .where('p.removed_at', 'is', null)
      .orderBy('p.name')
      .execute();
    return rows.map(rulePackRecord);
  }

  latestRefs(): Promise<readonly RulePackRef[]> {
    return this.db
      .selectFrom('tagward.rule_pack')
      .select(['name', 'latest_version as version'])
      .where('removed_at', 'is', null)
      .where('latest_version', '>', 0)
      .orderBy('name')
      .execute();
  }

  async remove(name: string): Promise<boolean> {
    const removed = await this.db
      .updateTable('tagward.rule_pack')
      .set({ removed_at: sql`now()` })
      .where('name', '=', name)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    return removed.numUpdatedRows > 0n;
  }
}

/** Makes the pack's row where there is none and holds it, so that versions are numbered one after the other. */
async function lockPack(db: Db, name: string): Promise<{ stored: number; latest: number }> {
  await db
    .insertInto('tagward.rule_pack')
    .values({ name, latest_version: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await db
    .selectFrom('tagward.rule_pack')
    .select(['latest_version', 'removed_at'])
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { stored: row.removed_at === null ? row.latest_version : 0, latest: row.latest_version };
}

function versionConflict(name: string, expected: number, stored: number): HygieneError {
  const found = stored === 0 ? 'there is no such pack' : `version ${stored} is stored`;
  return new HygieneError(
    'VERSION_CONFLICT',
    `The rule pack ${JSON.stringify(name)} was expected at version ${expected}, but ${found}; read it again and repeat the change on it.`,
    { details: { name, expectedVersion: expected, storedVersion: stored } },
  );
}
