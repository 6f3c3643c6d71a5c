import { anyOf } from '../matchers/matcher-set.js';
import type { Resource } from '../model/resource.js';
import type { EvaluationContext } from './policy.js';
import type { Selector } from './selector.js';

type TextTest = ((text: string) => boolean) | null;

const test = (matchers: Parameters<typeof anyOf>[0] | null): TextTest =>
  matchers === null ? null : anyOf(matchers);

/** A selector made ready to ask, from what changes least to what changes with every tag. */
export class CompiledSelector {
  private readonly targets: TextTest;
  private readonly types: TextTest;
  private readonly resources: TextTest;
  private readonly tags: TextTest;
  private readonly where: readonly { readonly tag: string; readonly matches: (text: string) => boolean }[];
  private last: { readonly resource: Resource; readonly covered: boolean } | null = null;
  /** Whether `onResource` has anything to ask. */
  readonly asksResource: boolean;

  constructor(private readonly selector: Selector) {
    this.targets = test(selector.targets);
    this.types = test(selector.resourceTypes);
    this.resources = test(selector.resources);
    this.tags = test(selector.tags);
    this.where = selector.where.map(({ tag, matches }) => ({ tag, matches: anyOf([matches]) }));
    this.asksResource = this.resources !== null || this.where.length > 0;
  }

  onTarget({ platform, target }: Pick<EvaluationContext, 'platform' | 'target'>): boolean {
    const { platforms } = this.selector;
    if (platforms !== null && !platforms.includes(platform)) return false;
    return this.targets === null || this.targets(target);
  }

  /** Platform, target and resource type. */
  onKindOfResource(context: EvaluationContext, resourceType: string): boolean {
    return this.onTarget(context) && (this.types === null || this.types(resourceType));
  }

  /** The resource's id and the values of its tags; asked for tag after tag of one resource, and found once. */
  onResource(resource: Resource): boolean {
    if (this.last?.resource !== resource) this.last = { resource, covered: this.coversResource(resource) };
    return this.last.covered;
  }

  private coversResource(resource: Resource): boolean {
    if (this.resources !== null && !this.resources(resource.resource)) return false;
    return this.where.every(({ tag, matches }) => {
      const value = resource.tags.find((candidate) => candidate.name === tag)?.value;
      return value !== undefined && value !== null && matches(value);
    });
  }

  onTag(name: string): boolean {
    return this.tags === null || this.tags(name);
  }

  covers(context: EvaluationContext, resource: Resource, name: string): boolean {
    return (
      this.onKindOfResource(context, resource.resourceType) && this.onTag(name) && this.onResource(resource)
    );
  }
}
