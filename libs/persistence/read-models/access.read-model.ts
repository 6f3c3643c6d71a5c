import { type Selectable, sql } from 'kysely';
import type {
  ApiTokenRecord,
  AuditEvent,
  CredentialRecord,
  Page,
  PageRequest,
  ReportRecord,
  RulePackRecord,
  Visible,
} from '#application';
import { allOf, type Condition, contains, equals, oneOf } from '../connection/conditions.js';
import type { Db } from '../connection/transactions.js';
import { API_TOKEN_COLUMNS, apiTokenRecord } from '../rows/api-token.row.js';
import { auditEvent } from '../rows/audit-event.row.js';
import { CREDENTIAL_COLUMNS, credentialRecord } from '../rows/credential.row.js';
import { reportRecord } from '../rows/report.row.js';
import { rulePackRecord } from '../rows/rule-pack.row.js';
import type { AuditEventTable, ReportTable } from '../schema.js';
import { countRows } from './count-rows.js';
import { keysetPage, type SortKey } from './keyset-page.js';

const EVERY = sql<boolean>`true`;

function byName(column: SortKey<{ name: string }>['column']): SortKey<{ name: string }>[] {
  return [{ column, type: 'text', of: (row) => row.name }];
}

/** By name. */
export function credentialsPage(db: Db, page: PageRequest): Promise<Page<CredentialRecord>> {
  return keysetPage(
    {
      name: 'credentials',
      keys: byName(sql`c.name`),
      direction: 'asc',
      rows: ({ after, order, limit }) =>
        db
          .selectFrom('tagward.credential as c')
          .select(CREDENTIAL_COLUMNS)
          .where(after)
          .orderBy(order)
          .limit(limit)
          .execute(),
      count: () => countRows(db, sql`tagward.credential c`, EVERY),
      node: credentialRecord,
    },
    page,
  );
}

export async function credentialsById(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CredentialRecord>> {
  const rows = await db
    .selectFrom('tagward.credential as c')
    .select(CREDENTIAL_COLUMNS)
    .where(allOf(oneOf(sql`c.id`, ids)))
    .execute();
  return new Map(rows.map((row) => [row.id, credentialRecord(row)]));
}

/** Latest versions, by name. */
export function rulePacksPage(db: Db, page: PageRequest): Promise<Page<RulePackRecord>> {
  const stored = sql<boolean>`k.removed_at is null`;
  return keysetPage(
    {
      name: 'rulePacks',
      keys: byName(sql`k.name`),
      direction: 'asc',
      rows: ({ after, order, limit }) =>
        db
          .selectFrom('tagward.rule_pack as k')
          .innerJoin('tagward.rule_pack_version as v', (join) =>
            join.onRef('v.name', '=', 'k.name').onRef('v.version', '=', 'k.latest_version'),
          )
          .selectAll('v')
          .where(stored)
          .where(after)
          .orderBy(order)
          .limit(limit)
          .execute(),
      count: () => countRows(db, sql`tagward.rule_pack k`, stored),
      node: rulePackRecord,
    },
    page,
  );
}

/** Latest first. */
export function auditEventsPage(
  db: Db,
  filter: { subject?: string | undefined },
  page: PageRequest,
): Promise<Page<AuditEvent>> {
  const where = allOf(equals(sql`e.subject`, filter.subject));
  return keysetPage(
    {
      name: 'auditEvents',
      keys: [
        { column: sql`e.sequence`, type: 'bigint', of: (row: Selectable<AuditEventTable>) => row.sequence },
      ],
      direction: 'desc',
      rows: ({ after, order, limit }) =>
        db
          .selectFrom('tagward.audit_event as e')
          .selectAll('e')
          .where(where)
          .where(after)
          .orderBy(order)
          .limit(limit)
          .execute(),
      count: () => countRows(db, sql`tagward.audit_event e`, where),
      node: auditEvent,
    },
    page,
  );
}

/** By name; revoked ones are gone. */
export function apiTokensPage(
  db: Db,
  filter: { search?: string | undefined },
  page: PageRequest,
): Promise<Page<ApiTokenRecord>> {
  const where = allOf([
    sql<boolean>`a.revoked_at is null`,
    ...contains([sql`a.name`, sql`a.prefix`], filter.search),
  ]);
  return keysetPage(
    {
      name: 'apiTokens',
      keys: byName(sql`a.name`),
      direction: 'asc',
      rows: ({ after, order, limit }) =>
        db
          .selectFrom('tagward.api_token as a')
          .select(API_TOKEN_COLUMNS)
          .where(where)
          .where(after)
          .orderBy(order)
          .limit(limit)
          .execute(),
      count: () => countRows(db, sql`tagward.api_token a`, where),
      node: apiTokenRecord,
    },
    page,
  );
}

/** Latest first. Who sees only some targets sees only reports on nothing else. */
export function reportsPage(db: Db, page: PageRequest, visible: Visible): Promise<Page<ReportRecord>> {
  const where: Condition = visible === null ? EVERY : sql<boolean>`o.target_ids <@ ${[...visible]}::text[]`;
  return keysetPage(
    {
      name: 'reports',
      keys: [{ column: sql`o.id`, type: 'text', of: (row: Selectable<ReportTable>) => row.id }],
      direction: 'desc',
      rows: ({ after, order, limit }) =>
        db
          .selectFrom('tagward.report as o')
          .selectAll('o')
          .where(where)
          .where(after)
          .orderBy(order)
          .limit(limit)
          .execute(),
      count: () => countRows(db, sql`tagward.report o`, where),
      node: reportRecord,
    },
    page,
  );
}
