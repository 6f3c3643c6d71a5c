import type { Platform } from '../model/platform.js';
import type { Resource, Tag } from '../model/resource.js';
import type { Subject } from '../rules/judge.js';
import { RESERVED_NAMES } from './built-in-protections.js';
import type { EvaluationContext } from './policy.js';
import type { Protection } from './protection.js';

/** One resource as rules see it; what is costly to know is found when it is asked for. */
export class ResourceSubject implements Subject {
  private judgeable: readonly Tag[] | null = null;
  private named: Map<string, Tag> | null = null;
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

  get tags(): readonly Tag[] {
    const reserved = RESERVED_NAMES[this.context.platform];
    this.judgeable ??= this.resource.tags.filter(({ name }) => reserved === null || !reserved.test(name));
    return this.judgeable;
  }

  tag(name: string): Tag | undefined {
    this.named ??= new Map(this.resource.tags.map((tag) => [tag.name, tag]));
    return this.named.get(name);
  }

  value(name: string): string | undefined {
    this.values ??= new Map(this.tags.map((tag) => [tag.name, tag.value ?? '']));
    return this.values.get(name);
  }

  isProtected(name: string): boolean {
    return this.protection.blockerOf(this.context, this.resource, name) !== null;
  }

  isFunctional(name: string): boolean {
    return this.protection.functional(this.context, this.resource, name) !== null;
  }
}
