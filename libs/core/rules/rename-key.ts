import { z } from 'zod';
import { fields } from '../policy/schema/fields.js';
import type { Repair, Subject } from './judge.js';
import { quote } from './quote.js';

const ON_CONFLICT = ['report', 'keep-canonical', 'keep-variant'] as const;
export type OnConflict = (typeof ON_CONFLICT)[number];

/** Parameters of every fix that may meet a key that is already there. */
export const renameParams = () =>
  fields('this fix', { onConflict: z.enum(ON_CONFLICT).optional() }).transform(({ onConflict }) => ({
    onConflict: onConflict ?? ('report' as const),
  }));

export interface RenameRequest {
  readonly from: string;
  readonly to: string;
  /** Every key of the resource that the rule would rename to `to`, `from` among them, the preferred first. */
  readonly rivals: readonly string[];
  readonly onConflict: OnConflict;
}

/**
 * The four cases: the right key is absent (rename), says the same (drop the wrong one), says something else
 * (`onConflict` decides), or several wrong keys meet (the preferred one is renamed, the others stand against it).
 * `value` of the change is what the right key has afterwards.
 */
export function renameKey(subject: Subject, request: RenameRequest): Repair {
  const { from, to, rivals, onConflict } = request;
  const standing = subject.value(to) !== undefined;
  const [preferred = from] = rivals;
  const winner = standing && onConflict !== 'keep-variant' ? to : preferred;
  const own = subject.value(from) ?? '';
  const value = subject.value(winner) ?? '';
  const changes = [{ change: 'rename', from, to, value } as const];
  const absent = !standing && winner === from;
  if (absent) return { suggestion: `Rename the key ${quote(from)} to ${quote(to)}.`, changes };
  const overwritten = standing && winner === from && subject.value(to) !== own;
  if (overwritten) {
    return {
      suggestion: `Give ${quote(to)} the value of ${quote(from)} and remove ${quote(from)}.`,
      changes,
    };
  }
  const other = winner === from ? to : winner;
  if (own === value) {
    return { suggestion: `Remove the key ${quote(from)}: ${quote(other)} has the same value.`, changes };
  }
  if (onConflict !== 'report') {
    return { suggestion: `Remove the key ${quote(from)} and keep the value of ${quote(other)}.`, changes };
  }
  return {
    suggestion: `Decide between the values of ${quote(from)} and ${quote(other)}, then remove ${quote(from)}.`,
    blocker: {
      code: 'VALUE_CONFLICT',
      message: `${quote(from)} and ${quote(other)} are both there with different values; nothing is changed until one of them goes, or the rule says which to keep.`,
      references: [other],
    },
  };
}
