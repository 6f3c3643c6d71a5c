import { byCodeUnit } from '../matchers/ascii-case.js';
import type { LabelChange } from '../model/finding.js';
import { DisjointSets } from './disjoint-sets.js';

/** The changes that one finding asks for, under a number of the caller's. */
export interface Proposal {
  readonly id: number;
  readonly changes: readonly LabelChange[];
}

/** A key on which proposals disagree. */
export interface ChangeConflict {
  readonly key: string;
  /** Proposals that touch the key. */
  readonly proposals: readonly number[];
}

export interface Composition {
  /** At most one change per key that is there, and one per key that is new; in the order of the keys. */
  readonly changes: readonly LabelChange[];
  readonly conflicts: readonly ChangeConflict[];
  /** Proposals left out because they, or proposals they depend on, are in conflict. */
  readonly refused: ReadonlySet<number>;
}

/** What all proposals together want of one key. */
interface Intent {
  readonly proposals: Set<number>;
  remove: boolean;
  readonly sets: Set<string>;
  /** Target -> the value it is to end with. */
  readonly moves: Map<string, Set<string>>;
  /** Keys that are to become this one. */
  readonly sources: Set<string>;
}

/**
 * Makes one net change per key of what several fixes want: a rename and a new value become one rename with the new value.
 * Where they disagree on a key, that key and everything tied to it by a rename is left as it is.
 * Free of the order of proposals.
 */
export function composeChanges(
  labels: ReadonlyMap<string, string>,
  proposals: readonly Proposal[],
): Composition {
  const wishes = new Wishes(labels, proposals);
  const keys = [...wishes.intents.keys()].sort(byCodeUnit);
  const conflicts = keys
    .filter((key) => wishes.disagreeOn(key))
    .map((key): ChangeConflict => {
      const ids = wishes.intents.get(key)?.proposals ?? [];
      return { key, proposals: [...ids].sort((a, b) => a - b) };
    });
  const broken = new Set(conflicts.map(({ key }) => wishes.ties.find(key)));
  const refused = new Set<number>();
  const changes: LabelChange[] = [];
  for (const key of keys) {
    if (!broken.has(wishes.ties.find(key))) changes.push(...wishes.netChange(key));
    else wishes.intents.get(key)?.proposals.forEach((id) => refused.add(id));
  }
  return { changes, conflicts, refused };
}

/** One key on its way to become another. */
interface Arrival {
  /** What it brings along. */
  readonly value: string;
  /** It only agrees with the value that is there already. */
  readonly merges: boolean;
  /** The new value that a fix gives to the key itself. */
  readonly own: string | undefined;
}

const only = <T>(values: Iterable<T>): T | undefined => [...values][0];

class Wishes {
  readonly intents = new Map<string, Intent>();
  /** Keys that a rename ties together stand or fall together. */
  readonly ties = new DisjointSets();

  constructor(
    private readonly labels: ReadonlyMap<string, string>,
    proposals: readonly Proposal[],
  ) {
    for (const { id, changes } of proposals) changes.forEach((change) => this.add(id, change));
  }

  /** Do the proposals that touch the key want different things of it? */
  disagreeOn(key: string): boolean {
    if (this.torn(key)) return true;
    const { remove, sets, moves } = this.of(key);
    const arriving = this.arrivals(key);
    if (arriving.length === 0) return false;
    if (remove || moves.size > 0) return true;
    const brought = arriving.filter(({ merges }) => !merges);
    const merging = arriving.filter(({ merges }) => merges);
    const wanted = new Set(brought.map(({ value }) => value));
    for (const { own } of merging) if (own !== undefined) wanted.add(own);
    const current = this.labels.get(key);
    if (sets.size > 0) sets.forEach((value) => wanted.add(value));
    else if (current !== undefined && (brought.length === 0 || merging.length > 0)) wanted.add(current);
    return wanted.size > 1;
  }

  /** Is the key itself to become different things, whatever comes to it? */
  private torn(key: string): boolean {
    const { remove, sets, moves } = this.of(key);
    if (remove && (sets.size > 0 || moves.size > 0)) return true;
    return sets.size > 1 || moves.size > 1 || [...moves.values()].some((values) => values.size > 1);
  }

  /** Nothing, or the one change that does to an undisputed key what everybody wants of it. */
  netChange(key: string): LabelChange[] {
    const { remove, sets, moves, sources } = this.of(key);
    const current = this.labels.get(key);
    if (remove) return [{ change: 'remove', key, value: current ?? '' }];
    const to = only(moves.keys());
    if (to !== undefined) return [{ change: 'rename', from: key, to, value: this.finalValue(to) }];
    const value = only(sets);
    const brought = current === undefined && sources.size > 0;
    return value === undefined || value === current || brought ? [] : [{ change: 'set', key, value }];
  }

  private add(id: number, change: LabelChange): void {
    if (change.change !== 'rename') {
      const intent = this.of(change.key);
      intent.proposals.add(id);
      if (change.change === 'remove') intent.remove = true;
      else intent.sets.add(change.value);
      return;
    }
    const [source, target] = [this.of(change.from), this.of(change.to)];
    source.proposals.add(id);
    target.proposals.add(id);
    target.sources.add(change.from);
    source.moves.set(change.to, (source.moves.get(change.to) ?? new Set()).add(change.value));
    this.ties.join(change.from, change.to);
  }

  private of(key: string): Intent {
    const known = this.intents.get(key);
    if (known !== undefined) return known;
    const made: Intent = {
      proposals: new Set(),
      remove: false,
      sets: new Set(),
      moves: new Map(),
      sources: new Set(),
    };
    this.intents.set(key, made);
    return made;
  }

  /** A key that is torn itself brings nothing that could be told. */
  private arrivals(key: string): Arrival[] {
    return [...this.of(key).sources].flatMap((from) => {
      if (this.torn(from)) return [];
      const { moves, sets } = this.of(from);
      const declared = only(moves.get(key) ?? []) ?? '';
      const own = only(sets);
      // A new value of its own counts only for a key that brings its own value along.
      const value = own !== undefined && this.labels.get(from) === declared ? own : declared;
      return [{ value, merges: declared === this.labels.get(key), own }];
    });
  }

  /** What an undisputed key has in the end: a value brought to it, else one set on it, else its own. */
  private finalValue(key: string): string {
    const brought = this.arrivals(key).find(({ merges }) => !merges);
    return brought?.value ?? only(this.of(key).sets) ?? this.labels.get(key) ?? '';
  }
}
