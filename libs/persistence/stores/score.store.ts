import { sql } from 'kysely';
import type { ScoreStore } from '#application';
import { utcDay } from '../connection/conditions.js';
import { allowLongStatements } from '../connection/statement-limits.js';
import { type Db, inTransaction } from '../connection/transactions.js';

export class PostgresScoreStore implements ScoreStore {
  constructor(private readonly db: Db) {}

  async trim(before: Date): Promise<number> {
    return inTransaction(this.db, async (db) => {
      await allowLongStatements(db);
      const { numAffectedRows } = await sql`
        delete from tagward.score_point p
        where p.at < ${before} and exists (
          select from tagward.score_point l
          where l.target_id = p.target_id and l.at > p.at and ${utcDay(sql`l.at`)} = ${utcDay(sql`p.at`)}
        )
      `.execute(db);
      return Number(numAffectedRows ?? 0);
    });
  }
}
