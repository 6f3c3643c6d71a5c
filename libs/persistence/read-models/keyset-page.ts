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

/** The same list under each of several parents. */
export interface KeysetLists<Row, T> extends Omit<KeysetList<Row, T>, 'count'> {
  readonly parents: readonly string[];
  readonly parentOf: (row: Row) => string;
  /** As for a list, for each parent: in order and limited under it. */
  readonly rows: (place: Place) => Promise<readonly Row[]>;
  /** By parent; what is left out has none. */
  readonly counts: () => Promise<ReadonlyMap<string, number>>;
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
  const { order, limit, steps } = placeOf(list, request);
  const found: Row[] = [];
  for (const after of steps) {
    found.push(...(await list.rows({ after, order, limit: limit - found.length })));
    if (found.length >= limit) break;
  }
  return pageOf(list, found, request.first, list.count);
}

/** As `keysetPage`, under each parent; the totals of all of them are counted at once. */
export async function keysetPages<Row, T>(
  lists: KeysetLists<Row, T>,
  request: PageRequest,
): Promise<ReadonlyMap<string, Page<T>>> {
  const { steps, ...place } = placeOf(lists, request);
  const after = sql<boolean>`(${sql.join(steps, sql` or `)})`;
  const found = Map.groupBy(await lists.rows({ ...place, after }), lists.parentOf);
  let counted: Promise<ReadonlyMap<string, number>> | null = null;
  const count = async (parent: string) => (await (counted ??= lists.counts())).get(parent) ?? 0;
  return new Map(
    lists.parents.map((parent) => [
      parent,
      pageOf(lists, found.get(parent) ?? [], request.first, () => count(parent)),
    ]),
  );
}

type Sorted<Row, T> = Pick<KeysetList<Row, T>, 'name' | 'keys' | 'direction' | 'node'>;

/** @throws HygieneError INPUT_INVALID unless a page has 1 to 200 rows */
export function checkPageSize(first: number): void {
  if (Number.isInteger(first) && first >= 1 && first <= MOST_ROWS) return;
  throw new HygieneError('INPUT_INVALID', `first: expected a whole number from 1 to ${MOST_ROWS}.`, {
    faults: [{ path: 'first', message: `expected 1 to ${MOST_ROWS}` }],
  });
}

function placeOf<Row, T>(list: Sorted<Row, T>, { first, after }: PageRequest) {
  checkPageSize(first);
  return { steps: afterCursor(list, after), order: orderOf(list), limit: first + 1 };
}

function pageOf<Row, T>(
  list: Sorted<Row, T>,
  found: readonly Row[],
  first: number,
  count: () => Promise<number>,
): Page<T> {
  const edges = found.slice(0, first).map((row) => ({
    cursor: encodeCursor(
      list.name,
      list.keys.map(({ of }) => plain(of(row))),
    ),
    node: list.node(row),
  }));
  let counted: Promise<number> | null = null;
  return { edges, hasNextPage: found.length > first, totalCount: () => (counted ??= count()) };
}

/**
 * What comes after the cursor, in steps: the rest of the rows that are equal to it in all keys but the last, then those in all but the last two,
 * and so on. A row comparison would say it at once, but the planner estimates that by its first column alone, finds that nothing is left where
 * much is, and takes any index.
 */
function afterCursor<Row, T>(
  { name, keys, direction }: Sorted<Row, T>,
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

function orderOf<Row, T>({ keys, direction }: Sorted<Row, T>): RawBuilder<unknown> {
  return sql.join(keys.map(({ column }) => sql`${column} ${sql.raw(direction)}`));
}

function plain(value: KeyValue | Date): KeyValue {
  return value instanceof Date ? value.toISOString() : value;
}
