import type { JsonObject } from '#core';
import { auditHash, type AuditEvent, type AuditStore } from '#application';
import { cleanText, toJson } from '../connection/clean-text.js';
import { type Db, inTransaction } from '../connection/transactions.js';
import { auditEvent } from '../rows/audit-event.row.js';

const PAGE = 1_000;

/** Appends one after the other: the head row is held until the transaction of the event's effect ends. */
export class PostgresAuditStore implements AuditStore {
  constructor(private readonly db: Db) {}

  async append(event: {
    actor: string;
    action: string;
    subject: string;
    details: JsonObject;
    at: Date;
  }): Promise<AuditEvent> {
    return inTransaction(this.db, async (db) => {
      const head = await db
        .selectFrom('tagward.audit_head')
        .select(['sequence', 'hash'])
        .forUpdate()
        .executeTakeFirstOrThrow();
      const details = toJson(event.details);
      const link = {
        sequence: head.sequence + 1,
        at: event.at,
        actor: cleanText(event.actor),
        action: event.action,
        subject: cleanText(event.subject),
        // As it will be read: what is hashed is what is stored.
        details: JSON.parse(details) as JsonObject,
        previousHash: head.hash,
      };
      const hash = auditHash(link);
      const { previousHash, ...columns } = link;
      await db
        .insertInto('tagward.audit_event')
        .values({ ...columns, details, hash, previous_hash: previousHash })
        .execute();
      await db.updateTable('tagward.audit_head').set({ sequence: link.sequence, hash }).execute();
      return { ...link, hash };
    });
  }

  async head(): Promise<{ readonly sequence: number; readonly hash: string }> {
    return this.db.selectFrom('tagward.audit_head').select(['sequence', 'hash']).executeTakeFirstOrThrow();
  }

  async *stream(afterSequence: number): AsyncIterable<AuditEvent> {
    for (let after = afterSequence; ;) {
      const rows = await this.db
        .selectFrom('tagward.audit_event')
        .selectAll()
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(PAGE)
        .execute();
      yield* rows.map(auditEvent);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      after = last.sequence;
    }
  }
}
