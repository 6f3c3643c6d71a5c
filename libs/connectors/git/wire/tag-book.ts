import { isUtf8 } from 'node:buffer';
import type { Tag } from '#core';
import { tooMuch } from '../errors.js';
import { ID_LENGTHS, isObjectIdAt, type ObjectFormat } from './object-format.js';
import { isTagName } from './ref-name.js';
import { WIRE_LIMITS, type WireLimits } from './wire-limits.js';

/** Refs that were listed and are not among the tags, or not as a server should list them. */
export interface ListingFaults {
  /** Lines that are no ref, or whose name git does not allow or is not UTF-8. */
  readonly malformed: number;
  /** Names that came twice with different ids: they are kept, and where they point is not known. */
  readonly contradictory: number;
}

type Entry = Tag & { pointer: { annotated?: boolean; peeled?: string }; digest: string | null };

const PREFIX = Buffer.from('refs/tags/');
const BLANK = 32;

/** Gathers the tags of a listing, line by line, and keeps nothing of what is none. */
export class TagBook {
  private readonly entries: Entry[] = [];
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
    const id = bytes.toString('latin1', start, nameStart - 1);
    if (name <= this.last) this.ascending = false;
    this.last = name;
    this.entries.push({
      ...{ name, value: null, digest: id, createdAt: null },
      pointer: { annotated: false, peeled: id },
    });
    return nameEnd;
  }

  /** The tag that was taken last stands for another object in the end: the id that lies there. */
  peel(bytes: Buffer, start: number, end: number): void {
    const entry = this.entries.at(-1);
    if (entry === undefined || end - start !== this.length || !isObjectIdAt(bytes, start, this.length))
      return void this.refuse();
    const id = bytes.toString('latin1', start, end);
    entry.pointer.annotated = id !== entry.digest;
    entry.pointer.peeled = id;
  }

  get lastName(): string {
    return this.last;
  }

  /** A line that is no ref at all. */
  refuse(): -1 {
    this.malformed += 1;
    return -1;
  }

  close(): { readonly tags: Tag[]; readonly faults: ListingFaults } {
    const { tags, contradictory } = this.ascending
      ? { tags: this.entries, contradictory: 0 }
      : onceEach(this.entries);
    return { tags, faults: { malformed: this.malformed, contradictory } };
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

/** A server that lists in order lists nothing twice; for the others. */
function onceEach(entries: readonly Entry[]): { tags: Entry[]; contradictory: number } {
  const byName = new Map<string, Entry>();
  const contradictory = new Set<string>();
  for (const entry of entries) {
    const known = byName.get(entry.name);
    if (known === undefined) byName.set(entry.name, entry);
    else if (known.digest !== entry.digest || known.pointer.peeled !== entry.pointer.peeled)
      contradictory.add(entry.name);
  }
  for (const name of contradictory) byName.set(name, unknown(name));
  return { tags: [...byName.values()], contradictory: contradictory.size };
}

function unknown(name: string): Entry {
  return { name, value: null, digest: null, createdAt: null, pointer: {} };
}
