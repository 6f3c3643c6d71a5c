import type { Platform } from '../model/platform.js';
import { ChosenTags } from '../model/made-tags.js';
import type { Resource, Tag, TagList } from '../model/resource.js';
import type { Subject } from '../rules/judge.js';
import { RESERVED_NAMES } from './built-in-protections.js';
import type { EvaluationContext } from './policy.js';
import type { Protection } from './protection.js';
import { TagIndex } from './tag-index.js';

/** One resource as rules see it; what is costly to know is found when it is asked for. */
export class ResourceSubject implements Subject {
  private judgeable: TagList | null = null;
  private named: TagIndex | null = null;
  private values: Map<string, string> | null = null;

  constructor(
    readonly resource: Resource,
    private readonly context: EvaluationContext,
    private readonly protection: Protection,
  ) {}

  get now(): Date {
    return this.context.now;
  }

  get platform(): Platform {
    return this.context.platform;
  }

  get target(): string {
    return this.context.target;
  }

  get tags(): TagList {
    this.judgeable ??= without(RESERVED_NAMES[this.context.platform], this.resource.tags);
    return this.judgeable;
  }

  tag(name: string): Tag | undefined {
    this.named ??= new TagIndex(this.resource.tags);
    return this.named.find(name);
  }

  value(name: string): string | undefined {
    this.values ??= new Map(this.tags.map((tag) => [tag.name, tag.value ?? '']));
    return this.values.get(name);
  }

  isReserved(name: string): boolean {
    return RESERVED_NAMES[this.context.platform]?.test(name) === true;
  }

  isProtected(name: string): boolean {
    return this.protection.blockerOf(this.context, this.resource, name) !== null;
  }

  isFunctional(name: string): boolean {
    return this.protection.functional(this.context, this.resource, name) !== null;
  }
}

function without(reserved: RegExp | null, tags: TagList): TagList {
  if (reserved === null) return tags;
  const places = new Uint32Array(tags.length);
  let kept = 0;
  for (const [index, { name }] of tags.entries()) if (!reserved.test(name)) places[kept++] = index;
  return kept === tags.length ? tags : new ChosenTags(tags, places.slice(0, kept));
}
