import { type RawBuilder, sql } from 'kysely';
import { HygieneError } from '#core';
import type { Page, PageRequest } from '#application';
import { allOf, type Condition } from '../connection/conditions.js';
import { decodeCursor, encodeCursor, type KeyType, type KeyValue } from './cursor.js';

const MOST_ROWS = 200;

/** One column of a list's order; together they are unique. */
export interface SortKey<Row> {
  readonly column: RawBuilder<unknown>;
  readonly type: KeyType;
  readonly of: (row: Row) => KeyValue | Date;
}

export interface KeysetList<Row, T> {
  /** Names the list and its order within cursors. */
  readonly name: string;
  readonly keys: readonly SortKey<Row>[];
  readonly direction: 'asc' | 'desc';
  /** Rows that meet the conditions, in the order of the clause, at most `limit`. */
  readonly rows: (place: Place) => Promise<readonly Row[]>;
  readonly count: () => Promise<number>;
  readonly node: (row: Row) => T;
}

export interface Place {
  /** `true`, or "after the cursor". */
  readonly after: Condition;
  /** For `order by`. */
  readonly order: RawBuilder<unknown>;
  readonly limit: number;
}

/** A page by key: as fast at the end of a list as at its start, and steady while rows come and go. */
export async function keysetPage<Row, T>(list: KeysetList<Row, T>, request: PageRequest): Promise<Page<T>> {
  const { first } = request;
  if (!Number.isInteger(first) || first < 1 || first > MOST_ROWS) {
    throw new HygieneError('INPUT_INVALID', `first: expected a whole number from 1 to ${MOST_ROWS}.`, {
      faults: [{ path: 'first', message: `expected 1 to ${MOST_ROWS}` }],
    });
  }
  const found: Row[] = [];
  for (const after of afterCursor(list, request.after)) {
    found.push(...(await list.rows({ after, order: orderOf(list), limit: first + 1 - found.length })));
    if (found.length > first) break;
  }
  const edges = found.slice(0, first).map((row) => ({
    cursor: encodeCursor(
      list.name,
      list.keys.map(({ of }) => plain(of(row))),
    ),
    node: list.node(row),
  }));
  let counted: Promise<number> | null = null;
  return { edges, hasNextPage: found.length > first, totalCount: () => (counted ??= list.count()) };
}

/**
 * What comes after the cursor, in steps: the rest of the rows that are equal to it in all keys but the last, then those in all but the last two,
 * and so on. A row comparison would say it at once, but the planner estimates that by its first column alone, finds that nothing is left where
 * much is, and takes any index.
 */
function afterCursor<Row, T>(
  { name, keys, direction }: KeysetList<Row, T>,
  after: string | null,
): readonly Condition[] {
  if (after === null) return [sql<boolean>`true`];
  const values = decodeCursor(
    name,
    keys.map(({ type }) => type),
    after,
  );
  const beyond = sql.raw(direction === 'asc' ? '>' : '<');
  const compared = keys.map(({ column, type }, i) => ({
    column,
    value: sql`${values[i]}::${sql.raw(type)}`,
  }));
  return compared
    .map(({ column, value }, i) =>
      allOf([
        ...compared.slice(0, i).map((equal) => sql<boolean>`${equal.column} = ${equal.value}`),
        sql<boolean>`${column} ${beyond} ${value}`,
      ]),
    )
    .reverse();
}

function orderOf<Row, T>({ keys, direction }: KeysetList<Row, T>): RawBuilder<unknown> {
  return sql.join(keys.map(({ column }) => sql`${column} ${sql.raw(direction)}`));
}

function plain(value: KeyValue | Date): KeyValue {
  return value instanceof Date ? value.toISOString() : value;
}
