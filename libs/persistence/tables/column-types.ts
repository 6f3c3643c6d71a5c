import type { ColumnType } from 'kysely';

/** Read parsed, written as JSON text (`toJson`). */
export type Json<T> = ColumnType<T, string, string>;
export type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;
/** Set by the database unless given. */
export type CreatedAt = ColumnType<Date, Date | undefined, never>;
