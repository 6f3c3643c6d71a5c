import type { Tag, TagList } from './resource.js';

/** A list that makes its tags as they are asked for. */
export abstract class MadeTags implements TagList {
  abstract readonly length: number;

  /** @param index of a tag that is there */
  protected abstract make(index: number): Tag;

  at(index: number): Tag | undefined {
    return index >= 0 && index < this.length ? this.make(index) : undefined;
  }

  *[Symbol.iterator](): Generator<Tag, undefined, undefined> {
    for (let index = 0; index < this.length; index += 1) yield this.make(index);
    return undefined;
  }

  *entries(): Generator<[number, Tag], undefined, undefined> {
    for (let index = 0; index < this.length; index += 1) yield [index, this.make(index)];
    return undefined;
  }

  map<T>(of: (tag: Tag, index: number) => T): T[] {
    return Array.from({ length: this.length }, (_, index) => of(this.make(index), index));
  }

  filter(test: (tag: Tag, index: number) => boolean): readonly Tag[] {
    const kept: Tag[] = [];
    for (const [index, tag] of this.entries()) if (test(tag, index)) kept.push(tag);
    return kept;
  }

  flatMap<T>(of: (tag: Tag, index: number) => T | readonly T[]): T[] {
    const all: T[] = [];
    for (const [index, tag] of this.entries()) {
      const made = of(tag, index);
      if (Array.isArray(made)) for (const one of made as readonly T[]) all.push(one);
      else all.push(made as T);
    }
    return all;
  }

  find(test: (tag: Tag, index: number) => boolean): Tag | undefined {
    for (const [index, tag] of this.entries()) if (test(tag, index)) return tag;
    return undefined;
  }
}

/** Some tags of a list, by their place in it. */
export class ChosenTags extends MadeTags {
  constructor(
    private readonly list: TagList,
    private readonly places: Uint32Array,
  ) {
    super();
  }

  get length(): number {
    return this.places.length;
  }

  protected make(index: number): Tag {
    return this.list.at(this.places[index] ?? -1) as Tag;
  }
}
