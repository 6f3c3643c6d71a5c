import { isUtf8 } from 'node:buffer';
import type { TagList } from '#core';
import { tooMuch } from '../errors.js';
import { ID_LENGTHS, isObjectIdAt, type ObjectFormat } from './object-format.js';
import { onceEach } from './once-each.js';
import { PackedTags } from './packed-tags.js';
import { isTagName } from './ref-name.js';
import { WIRE_LIMITS, type WireLimits } from './wire-limits.js';

/** Refs that were listed and are not among the tags, or not as a server should list them. */
export interface ListingFaults {
  /** Lines that are no ref, or whose name git does not allow or is not UTF-8. */
  readonly malformed: number;
  /** Names that came twice with different ids: they are kept, and where they point is not known. */
  readonly contradictory: number;
}

const PREFIX = Buffer.from('refs/tags/');
const BLANK = 32;

/** Gathers the tags of a listing, line by line, and keeps nothing of what is none. */
export class TagBook {
  private readonly packed: PackedTags;
  private readonly length: number;
  private refs = 0;
  private tagBytes = 0;
  private malformed = 0;
  private ascending = true;
  private last = '';

  constructor(
    format: ObjectFormat,
    private readonly place: string,
    private readonly limits: WireLimits = WIRE_LIMITS,
  ) {
    this.length = ID_LENGTHS[format];
    this.packed = new PackedTags(this.length);
  }

  /** A line `id name…`. @returns where the name ends when it is a tag's; -1 when it is not */
  take(bytes: Buffer, start: number, end: number): number {
    this.count();
    const nameStart = start + this.length + 1;
    if (bytes[nameStart - 1] !== BLANK || nameStart >= end) return this.refuse();
    const blank = bytes.indexOf(BLANK, nameStart);
    const nameEnd = blank < 0 || blank > end ? end : blank;
    if (!startsWithPrefix(bytes, nameStart, nameEnd)) return -1;
    this.countTag(end - start);
    const name = nameOf(bytes, nameStart + PREFIX.length, nameEnd);
    if (name === null || !isTagName(name) || !isObjectIdAt(bytes, start, this.length)) return this.refuse();
    if (name <= this.last) this.ascending = false;
    this.last = name;
    this.packed.push(bytes, { start: nameStart + PREFIX.length, end: nameEnd }, start);
    return nameEnd;
  }

  /** The tag that was taken last stands for another object in the end: the id that lies there. */
  peel(bytes: Buffer, start: number, end: number): void {
    const isId = end - start === this.length && isObjectIdAt(bytes, start, this.length);
    if (this.packed.length === 0 || !isId) return void this.refuse();
    this.packed.peel(bytes, start);
  }

  get lastName(): string {
    return this.last;
  }

  /** A line that is no ref at all. */
  refuse(): -1 {
    this.malformed += 1;
    return -1;
  }

  /** An array where the tags are few: whoever looks at them again and again gets the same objects. */
  close(): { readonly tags: TagList; readonly faults: ListingFaults } {
    const { packed, malformed } = this;
    const { tags, contradictory } = this.ascending ? { tags: packed, contradictory: 0 } : onceEach(packed);
    const isMany = tags.length >= this.limits.manyTags;
    if (isMany) tags.trim();
    return { tags: isMany ? tags : [...tags], faults: { malformed, contradictory } };
  }

  private count(): void {
    this.refs += 1;
    if (this.refs > this.limits.maxRefs)
      throw tooMuch(this.place, `more than ${this.limits.maxRefs.toLocaleString('en')} refs`);
  }

  private countTag(bytes: number): void {
    this.tagBytes += bytes;
    if (this.tagBytes > this.limits.maxTagBytes)
      throw tooMuch(this.place, `tags of more than ${Math.floor(this.limits.maxTagBytes / 1_048_576)} MiB`);
  }
}

function startsWithPrefix(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < PREFIX.length) return false;
  for (let n = 0; n < PREFIX.length; n += 1) if (bytes[start + n] !== PREFIX[n]) return false;
  return true;
}

/** null when the bytes are no UTF-8: such a name could not be given back exactly. */
function nameOf(bytes: Buffer, start: number, end: number): string | null {
  const name = bytes.toString('utf8', start, end);
  return name.includes('\ufffd') && !isUtf8(bytes.subarray(start, end)) ? null : name;
}
