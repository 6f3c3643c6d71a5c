import type { Tag } from '../model/resource.js';
import type { Repair } from './judge.js';
import { quote } from './quote.js';

/** Removes a name; what it points at stays. */
export function untagName({ name, digest }: Tag): Repair {
  return { suggestion: `Untag ${quote(name)}.`, changes: [{ change: 'untag', name, digest }] };
}
