import { anyOf } from '../../matchers/matcher-set.js';
import { CompiledSelector } from '../../policy/compiled-selector.js';
import type { Subject } from '../judge.js';
import type { Rule } from '../rule.js';
import type { RetentionParams } from './params.js';

/** A rule reaches its kind only through that kind's schema, so its parameters have the kind's types. */
const paramsOf = (rule: Rule): RetentionParams => rule.params as RetentionParams;

/** What was made ready of a rule for the rules after it: once, however many there are. */
const tests = new WeakMap<object, (name: string) => boolean>();
const selectors = new WeakMap<Rule, CompiledSelector>();
const EVERY_NAME = (): boolean => true;

function selectorOf(rule: Rule): CompiledSelector {
  const selector = selectors.get(rule) ?? new CompiledSelector(rule.on);
  selectors.set(rule, selector);
  return selector;
}

/** Does `tags` let the name through? */
export function tagsTest({ tags }: RetentionParams): (name: string) => boolean {
  if (tags === undefined) return EVERY_NAME;
  const test = tests.get(tags) ?? anyOf(tags);
  tests.set(tags, test);
  return test;
}

/** What rules before this one own of one resource. */
export interface Claims {
  hasTag(name: string): boolean;
  readonly hasUntagged: boolean;
}

/**
 * The rules that own what they decide over before this one decides: rules of the pack with `claims: true` and a lower `priority`,
 * or the same one and an earlier place in the pack. A rule without a priority comes after all that have one. A scan that leaves
 * such a rule out changes nothing of what it owns.
 */
export function claimsBefore(rule: Rule, pack: readonly Rule[]): (subject: Subject) => Claims {
  const place = pack.findIndex(({ id }) => id === rule.id);
  const mine = priorityOf(rule);
  const before = pack.filter((other, at) => {
    if (other.kind !== rule.kind || other.id === rule.id || paramsOf(other).claims !== true) return false;
    const its = priorityOf(other);
    return its < mine || (its === mine && at < place);
  });
  return (subject) => {
    const here = before.filter((other) => coversResource(other, subject));
    const ofTags = here
      .filter((other) => paramsOf(other).untagged !== 'only')
      .map((other) => ({ selector: selectorOf(other), tags: tagsTest(paramsOf(other)) }));
    return {
      hasTag: (name) => ofTags.some(({ selector, tags }) => selector.onTag(name) && tags(name)),
      hasUntagged: here.some((other) => (paramsOf(other).untagged ?? 'exclude') !== 'exclude'),
    };
  };
}

const priorityOf = (rule: Rule): number => paramsOf(rule).priority ?? Number.POSITIVE_INFINITY;

function coversResource(rule: Rule, subject: Subject): boolean {
  const { resource } = subject;
  const selector = selectorOf(rule);
  return selector.onKindOfResource(subject, resource.resourceType) && selector.onResource(resource);
}
