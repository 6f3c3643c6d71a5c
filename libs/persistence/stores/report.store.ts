import type { Updateable } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { notFound } from '#core';
import type { ReportFileRecord, ReportFormat, ReportRecord, ReportStore } from '#application';
import { toJson } from '../connection/clean-text.js';
import type { Db } from '../connection/transactions.js';
import { reportRecord } from '../rows/report.row.js';
import type { ReportTable } from '../schema.js';

export class PostgresReportStore implements ReportStore {
  constructor(private readonly db: Db) {}

  async insert(report: {
    from: Date;
    to: Date;
    targetIds: readonly string[] | null;
    formats: readonly ReportFormat[];
    createdBy: string;
  }): Promise<ReportRecord> {
    const row = await this.db
      .insertInto('tagward.report')
      .values({
        id: uuidv7(),
        status: 'QUEUED',
        from_at: report.from,
        to_at: report.to,
        target_ids: report.targetIds === null ? null : [...report.targetIds],
        formats: [...report.formats],
        created_by: report.createdBy,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return reportRecord(row);
  }

  async find(id: string): Promise<ReportRecord | null> {
    const row = await this.db
      .selectFrom('tagward.report')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : reportRecord(row);
  }

  async ready(
    id: string,
    outcome: {
      score: number | null;
      auditHead: string;
      totals: ReportRecord['totals'];
      files: readonly ReportFileRecord[];
    },
  ): Promise<ReportRecord> {
    return this.end(id, {
      status: 'READY',
      error: null,
      score: outcome.score,
      audit_head: outcome.auditHead,
      totals: toJson(outcome.totals),
      files: toJson(outcome.files),
    });
  }

  async failed(id: string, error: string): Promise<ReportRecord> {
    return this.end(id, { status: 'FAILED', error });
  }

  async unfinished(): Promise<readonly string[]> {
    const rows = await this.db
      .selectFrom('tagward.report')
      .select('id')
      .where('status', 'in', ['QUEUED', 'RUNNING'])
      .orderBy('id')
      .execute();
    return rows.map(({ id }) => id);
  }

  private async end(id: string, values: Updateable<ReportTable>): Promise<ReportRecord> {
    const row = await this.db
      .updateTable('tagward.report')
      .set(values)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) throw notFound('report', id);
    return reportRecord(row);
  }
}
