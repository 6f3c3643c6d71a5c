import { z } from 'zod';
import { HygieneError } from '#core';

/** What one column of a list's order holds in a cursor. */
export type KeyType = 'text' | 'bigint' | 'timestamptz';
export type KeyValue = string | number;

const LONGEST_TEXT = 2_000;
const LONGEST_CURSOR = 12_000;

const VALUES = {
  text: z.string().max(LONGEST_TEXT),
  bigint: z.int().nonnegative(),
  timestamptz: z.iso.datetime(),
} satisfies Record<KeyType, z.ZodType>;

/** The place after a row, opaque to clients: base64url of the list's name and the row's sort keys. It grants nothing: every page is filtered anew. */
export function encodeCursor(list: string, key: readonly KeyValue[]): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString('base64url');
}

/** @throws HygieneError CURSOR_INVALID when the text is no cursor, or one of another list or order */
export function decodeCursor(list: string, types: readonly KeyType[], cursor: string): readonly KeyValue[] {
  if (cursor.length > LONGEST_CURSOR) throw invalid();
  const parsed = z
    .array(z.unknown())
    .length(types.length + 1)
    .safeParse(jsonOf(cursor));
  if (!parsed.success || parsed.data[0] !== list) throw invalid();
  const key = types.map((type, i): KeyValue => {
    const value = VALUES[type].safeParse(parsed.data[i + 1]);
    if (!value.success) throw invalid();
    return value.data;
  });
  // One cursor for one place: what does not encode back was made by someone else.
  if (encodeCursor(list, key) !== cursor) throw invalid();
  return key;
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    throw invalid(error);
  }
}

function invalid(cause?: unknown): HygieneError {
  return new HygieneError(
    'CURSOR_INVALID',
    'The cursor is not one of this list in this order; take `endCursor` of a page of the same list, or start without one.',
    { cause, faults: [{ path: 'after', message: 'expected a cursor that this list returned' }] },
  );
}
