import { MadeTags, type PointerFact, type Tag, type TagList } from '#core';
import { NumberColumn, TextColumn } from '../wire/columns.js';
import { PackedTags } from '../wire/packed-tags.js';
import { addFacts, pointerFacts } from './add-facts.js';
import type { ObjectFacts } from './parse-object.js';

/** Object ids, each once. */
export interface Ids extends Iterable<string> {
  readonly size: number;
}

/** Takes what objects say, and gives the tags with it. */
export interface FactBook {
  /** Of the objects that tags point at. */
  readonly ids: Ids;
  take(id: string, facts: ObjectFacts): void;
  tags(): TagList;
}

/** @param asked of the facts that objects tell */
export function factBookOf(tags: TagList, asked: ReadonlySet<PointerFact>): FactBook {
  return tags instanceof PackedTags ? new PackedFacts(tags, asked) : new FewFacts(tags, asked);
}

class FewFacts implements FactBook {
  readonly ids: Set<string>;
  private readonly known = new Map<string, ObjectFacts>();

  constructor(
    private readonly list: TagList,
    private readonly asked: ReadonlySet<PointerFact>,
  ) {
    this.ids = new Set(list.map(({ digest }) => digest ?? ''));
    this.ids.delete('');
  }

  take(id: string, facts: ObjectFacts): void {
    this.known.set(id, facts);
  }

  tags(): TagList {
    return addFacts([...this.list], this.known, this.asked);
  }
}

const NO_SLOTS = new Uint32Array(0);
/** Of no object. */
const NONE = 0xffff_ffff;

/** What many objects say, in columns by the first tag that points at each. */
class PackedFacts extends MadeTags implements FactBook {
  readonly ids: Ids;
  /** By tag: the first one that points at the same object. */
  private readonly firsts: Uint32Array;
  /** Needed to take facts only. */
  private slots: Uint32Array;
  private readonly rows: Uint32Array;
  private readonly created = new NumberColumn(Float64Array);
  private readonly signed = new NumberColumn(Uint8Array);
  private readonly messages = new TextColumn();
  private readonly taggers: (string | null)[] = [];
  private readonly people = new Map<string, string>();

  constructor(
    private readonly packed: PackedTags,
    private readonly asked: ReadonlySet<PointerFact>,
  ) {
    super();
    const { length } = packed;
    this.firsts = new Uint32Array(length).fill(NONE);
    this.slots = new Uint32Array(2 ** Math.ceil(Math.log2(length * 2 + 2)));
    this.rows = new Uint32Array(length).fill(NONE);
    const distinct = this.findFirsts();
    this.ids = { size: distinct, [Symbol.iterator]: () => this.distinctIds() };
  }

  get length(): number {
    return this.packed.length;
  }

  take(id: string, facts: ObjectFacts): void {
    const first = this.firstOf(id);
    if (first === NONE || this.rows[first] !== NONE) return;
    this.rows[first] = this.created.length;
    this.created.push(facts.created?.getTime() ?? Number.NaN);
    if (this.asked.has('signed')) this.signed.push(facts.signed ? 1 : 0);
    if (this.asked.has('message')) this.messages.push(facts.message);
    if (this.asked.has('tagger')) this.taggers.push(facts.tagger === null ? null : this.person(facts.tagger));
  }

  tags(): TagList {
    this.slots = NO_SLOTS;
    for (const column of [this.created, this.signed, this.messages]) column.trim();
    return this;
  }

  protected make(index: number): Tag {
    const tag = this.packed.at(index) as Tag;
    const row = this.rows[this.firsts[index] ?? NONE] ?? NONE;
    if (row === NONE || tag.digest === null) return tag;
    const at = this.created.get(row);
    const facts: ObjectFacts = {
      created: Number.isNaN(at) ? null : new Date(at),
      tagger: this.taggers[row] ?? null,
      message: this.asked.has('message') ? this.messages.get(row) : '',
      signed: this.signed.get(row) === 1,
    };
    return {
      ...tag,
      createdAt: this.asked.has('created') ? facts.created : tag.createdAt,
      pointer: { ...tag.pointer, ...pointerFacts(facts, this.asked) },
    };
  }

  /** Few people make many tags. */
  private person(name: string): string {
    const known = this.people.get(name);
    if (known === undefined) this.people.set(name, name);
    return known ?? name;
  }

  private findFirsts(): number {
    const { packed, slots, firsts } = this;
    const mask = slots.length - 1;
    let distinct = 0;
    for (let index = 0; index < packed.length; index += 1) {
      if (!packed.isKnown(index)) continue;
      let slot = packed.ids.hash(index) & mask;
      let place = slots[slot] ?? 0;
      while (place !== 0 && !packed.ids.equal(place - 1, index)) {
        slot = (slot + 1) & mask;
        place = slots[slot] ?? 0;
      }
      if (place === 0) {
        slots[slot] = index + 1;
        distinct += 1;
      }
      firsts[index] = place === 0 ? index : place - 1;
    }
    return distinct;
  }

  private firstOf(id: string): number {
    const mask = this.slots.length - 1;
    for (let slot = Number.parseInt(id.slice(0, 8), 16) & mask; ; slot = (slot + 1) & mask) {
      const place = this.slots[slot] ?? 0;
      if (place === 0) return NONE;
      if (this.packed.ids.get(place - 1) === id) return place - 1;
    }
  }

  private *distinctIds(): Generator<string, undefined, undefined> {
    for (let index = 0; index < this.packed.length; index += 1)
      if (this.firsts[index] === index) yield this.packed.ids.get(index);
    return undefined;
  }
}
