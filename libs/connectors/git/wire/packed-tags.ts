import { MadeTags, type Tag } from '#core';
import { IdColumn, NumberColumn, TextColumn } from './columns.js';

/** In place of the row of a peeled id. */
const ITSELF = -1;
const UNKNOWN = -3;

/** Tags of a listing in some 60 bytes each, where objects would take 300; each is made as it is asked for. */
export class PackedTags extends MadeTags {
  readonly ids: IdColumn;
  private readonly names = new TextColumn();
  private readonly peeled: IdColumn;
  /** Row of `peeled`, or one of the words above. */
  private readonly ends = new NumberColumn(Int32Array);

  /** @param digits of an object id */
  constructor(private readonly digits: number) {
    super();
    this.ids = new IdColumn(digits);
    this.peeled = new IdColumn(digits);
  }

  get length(): number {
    return this.ids.length;
  }

  /** A name in UTF-8 and an id in hexadecimal digits, both checked. */
  push(bytes: Buffer, name: { readonly start: number; readonly end: number }, id: number): void {
    this.names.pushBytes(bytes, name.start, name.end);
    this.ids.push(bytes, id);
    this.ends.push(ITSELF);
  }

  /** What the tag that was pushed last stands for in the end. */
  peel(bytes: Buffer, id: number): void {
    const row = this.peeled.length;
    this.peeled.push(bytes, id);
    const isItself = this.peeled.get(row) === this.ids.get(this.length - 1);
    this.ends.set(this.length - 1, isItself ? ITSELF : row);
  }

  /** Nothing more will come: gives back what was made ready for it. */
  trim(): void {
    for (const column of [this.names, this.ids, this.peeled, this.ends]) column.trim();
  }

  /** Where the tag points is not known. */
  forget(index: number): void {
    this.ends.set(index, UNKNOWN);
  }

  isKnown(index: number): boolean {
    return this.ends.get(index) !== UNKNOWN;
  }

  /** Do two point at the same, and stand for the same in the end? */
  agree(one: number, other: number): boolean {
    if (!this.ids.equal(one, other)) return false;
    const [left, right] = [this.ends.get(one), this.ends.get(other)];
    if (left < 0 || right < 0) return left === right;
    return this.peeled.equal(left, right);
  }

  /** Those at some places, in that order. */
  only(places: Uint32Array): PackedTags {
    const chosen = new PackedTags(this.digits);
    for (const place of places) {
      const line = Buffer.from(`${this.ids.get(place)}${this.nameAt(place)}`);
      chosen.push(line, { start: this.digits, end: line.length }, 0);
      const end = this.ends.get(place);
      if (end >= 0) chosen.peel(Buffer.from(this.peeled.get(end)), 0);
      else if (end === UNKNOWN) chosen.forget(chosen.length - 1);
    }
    return chosen;
  }

  nameAt(index: number): string {
    return this.names.get(index);
  }

  protected make(index: number): Tag {
    const name = this.nameAt(index);
    const end = this.ends.get(index);
    if (end === UNKNOWN) return { name, value: null, digest: null, createdAt: null, pointer: {} };
    const digest = this.ids.get(index);
    const pointer =
      end === ITSELF
        ? { annotated: false, peeled: digest }
        : { annotated: true, peeled: this.peeled.get(end) };
    return { name, value: null, digest, createdAt: null, pointer };
  }
}
