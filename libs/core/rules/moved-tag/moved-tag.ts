import type { Tag } from '../../model/resource.js';
import { fields, flag } from '../../policy/schema/fields.js';
import type { Fault, Repair, TagJudge } from '../judge.js';
import { quote } from '../quote.js';
import { defineKind } from '../rule-kind.js';

/** What the name is known by, and what it is now. */
interface Move {
  readonly from: string | null;
  readonly to: string;
}

export const movedTag = defineKind({
  name: 'moved-tag',
  judges: 'pointer',
  finds: 'names that point elsewhere than when last seen, and names that had gone and are there again',
  params: {},
  fixes: {
    restore: fields('this fix', {
      optIn: flag().refine((written) => written, {
        error:
          'moving a name back is done for nobody who has not asked for it: write `restore: { optIn: true }`, or leave `fix` out',
      }),
    }),
  },
  title: () => 'Names that have moved, or came back',
  needs: () => ['was', 'firstSeen'],
  compile({ fix }): TagJudge<true> {
    return {
      level: 'tag',
      names: 'all',
      look: () => true,
      judge(tag) {
        const { digest: to, pointer } = tag;
        if (to === null) return { needs: 'where names point' };
        const from = pointer?.was ?? null;
        if (pointer?.cameBack === true) return cameBack(tag, { from, to }, fix !== null);
        if (from !== null) return from === to ? null : moved(tag, { from, to }, fix !== null);
        // A name that is seen for the first time has not moved.
        return pointer?.firstSeenAt === undefined ? { needs: 'where names pointed when last seen' } : null;
      },
    };
  },
});

function moved({ name }: Tag, move: Move, fixes: boolean): Fault {
  const { from, to } = move;
  return {
    tag: name,
    value: null,
    message: `The name ${quote(name)} has moved: it pointed at ${short(from)} and points at ${short(to)} now.`,
    repair: fixes ? restore(name, move) : null,
    evidence: { digest: to, pointerMove: { from, to } },
    discriminator: to,
  };
}

function cameBack({ name }: Tag, move: Move, fixes: boolean): Fault {
  const { from, to } = move;
  const elsewhere = from === null || from === to ? '' : `, and points elsewhere than before (${short(from)})`;
  return {
    tag: name,
    value: null,
    message: `The name ${quote(name)} had gone and is there again, at ${short(to)}${elsewhere}.`,
    repair: fixes ? restore(name, move) : null,
    evidence: { digest: to, pointerMove: { cameBack: true, to } },
    discriminator: `back ${to}`,
  };
}

/** null when the name stands where it stood. */
function restore(name: string, { from, to }: Move): Repair | null {
  if (from === null || from === to) return null;
  return {
    suggestion: `Put ${quote(name)} back to ${short(from)}.`,
    changes: [{ change: 'restore', name, digest: to, to: from }],
  };
}

/** Enough of an id to tell it from others. */
const short = (id: string | null): string => (id ?? '').slice(0, 19);
