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
  readonly name: string;
  readonly isContent: boolean;
  readonly proposals: Set<number>;
  /** By what they come to: the same wish of two rules is one change. */
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

/**
 * One net change per name of what several fixes want. Where they disagree on a name, every fix that touches it is left out whole.
 * Free of the order of proposals.
 */
export function composePointerChanges(proposals: readonly PointerProposal[]): PointerComposition {
  const conflicts = [...intentsOf(proposals).values()]
    .filter(({ wishes }) => wishes.size > 1)
    .map(({ name, proposals: ids }) => ({ key: name, proposals: [...ids].sort((a, b) => a - b) }))
    .sort((a, b) => byCodeUnit(a.key, b.key));
  const refused = new Set(conflicts.flatMap(({ proposals: ids }) => ids));
  const free = intentsOf(proposals.filter(({ id }) => !refused.has(id)));
  const changes = [...free.values()]
    .sort((a, b) => byCodeUnit(a.name, b.name) || Number(a.isContent) - Number(b.isContent))
    .flatMap(({ wishes }) => [...wishes.values()]);
  return { changes, conflicts, refused };
}

function intentsOf(proposals: readonly PointerProposal[]): ReadonlyMap<string, Intent> {
  const intents = new Map<string, Intent>();
  for (const { id, changes } of proposals) {
    for (const change of changes) {
      const name = pointerWritten(change);
      const isContent = change.change === 'purge';
      // Content is no name, though its digest may be written like one.
      const key = `${isContent ? 'content' : 'name'} ${name}`;
      const intent: Intent = intents.get(key) ?? { name, isContent, proposals: new Set(), wishes: new Map() };
      intents.set(key, intent);
      intent.proposals.add(id);
      const known = intent.wishes.get(wishOf(change));
      if (known === undefined || comesBefore(change, known)) intent.wishes.set(wishOf(change), change);
    }
  }
  return intents;
}

/** What a change comes to, and from where things stand: a name may be created from any of those at one object. */
function wishOf(change: PointerChange): string {
  switch (change.change) {
    case 'purge':
      return 'purge';
    case 'untag':
    case 'alias':
      return `${change.change} ${change.digest ?? ''}`;
    case 'restore':
      return `restore ${change.digest} ${change.to}`;
  }
}

const comesBefore = (a: PointerChange, b: PointerChange): boolean =>
  a.change === 'alias' && b.change === 'alias' && a.from < b.from;
