import { byCodeUnit } from '../matchers/ascii-case.js';
import type { PointerChange } from '../model/finding.js';
import type { ChangeConflict } from './compose-changes.js';

/** The changes that one finding asks for, under a number of the caller's. */
export interface PointerProposal {
  readonly id: number;
  readonly changes: readonly PointerChange[];
}

export interface PointerComposition {
  /** At most one change per name, in the order of the names. */
  readonly changes: readonly PointerChange[];
  readonly conflicts: readonly ChangeConflict[];
  /** Proposals left out because they are in conflict. */
  readonly refused: ReadonlySet<number>;
}

interface Intent {
  readonly proposals: Set<number>;
  /** By what the name is to end as: the same wish of two rules is one change. */
  readonly wishes: Map<string, PointerChange>;
}

/** What a change writes: a name, or (purge) content. Creating an alias leaves the name it is made from as it is. */
export function pointerWritten(change: PointerChange): string {
  switch (change.change) {
    case 'untag':
    case 'restore':
      return change.name;
    case 'alias':
      return change.to;
    case 'purge':
      return change.digest;
  }
}

/** One net change per name of what several fixes want; where they disagree on a name, none is made. Free of the order of proposals. */
export function composePointerChanges(proposals: readonly PointerProposal[]): PointerComposition {
  const intents = new Map<string, Intent>();
  for (const { id, changes } of proposals) {
    for (const change of changes) {
      const name = pointerWritten(change);
      const intent = intents.get(name) ?? { proposals: new Set(), wishes: new Map() };
      intents.set(name, intent);
      intent.proposals.add(id);
      intent.wishes.set(endOf(change), change);
    }
  }
  const changes: PointerChange[] = [];
  const conflicts: ChangeConflict[] = [];
  const refused = new Set<number>();
  for (const [name, { proposals: ids, wishes }] of [...intents].sort(([a], [b]) => byCodeUnit(a, b))) {
    const [only] = wishes.values();
    if (wishes.size === 1 && only !== undefined) {
      changes.push(only);
      continue;
    }
    conflicts.push({ key: name, proposals: [...ids].sort((a, b) => a - b) });
    for (const id of ids) refused.add(id);
  }
  return { changes, conflicts, refused };
}

function endOf(change: PointerChange): string {
  switch (change.change) {
    case 'untag':
    case 'purge':
      return change.change;
    case 'alias':
      return `at ${change.digest}`;
    case 'restore':
      return `at ${change.to}`;
  }
}
