import type { Tag } from '../model/resource.js';
import type { Blocker, Repair, Subject } from './judge.js';
import { quote } from './quote.js';
import { compareObjects } from './same-object.js';

/** A right name beside a wrong one; `there`: both names lead to one object already, and nothing is left to do. */
export type AliasRepair = { readonly there: true } | { readonly there: false; readonly repair: Repair };

/** Creates the name `to` where `tag` points. It moves no name: one that stands elsewhere, or nobody knows where, is left alone. */
export function aliasName(tag: Tag, to: string, subject: Subject): AliasRepair {
  const standing = subject.tag(to);
  const relation = standing === undefined ? 'absent' : compareObjects(tag, standing);
  if (relation === 'same') return { there: true };
  const suggestion = `Create the name ${quote(to)} where ${quote(tag.name)} points.`;
  const blocked = (blocker: Blocker): AliasRepair => ({ there: false, repair: { suggestion, blocker } });
  if (relation === 'different') {
    return blocked({
      code: 'VALUE_CONFLICT',
      message: `${quote(tag.name)} and ${quote(to)} are both there and point at different objects; no name is moved.`,
      references: [to],
    });
  }
  if (relation === 'unknown' || tag.digest === null) {
    const whose =
      relation === 'unknown' ? `${quote(tag.name)} and ${quote(to)} point` : `${quote(tag.name)} points`;
    return blocked({
      code: 'OBJECT_UNKNOWN',
      message: `It is not known where ${whose}; nothing is changed until it is.`,
      references: relation === 'unknown' ? [to] : [],
    });
  }
  const change = { change: 'alias', from: tag.name, to, digest: tag.digest } as const;
  return { there: false, repair: { suggestion, changes: [change] } };
}
