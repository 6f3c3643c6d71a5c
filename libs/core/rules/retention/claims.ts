import { anyOf } from '../../matchers/matcher-set.js';
import type { Subject } from '../judge.js';
import type { PackRule } from '../rule-kind.js';
import type { Rule } from '../rule.js';
import type { RetentionParams } from './params.js';

/** A rule reaches its kind only through that kind's schema, so its parameters have the kind's types. */
const paramsOf = (rule: Rule): RetentionParams => rule.params as RetentionParams;

/** A test for names; the same list of matchers is made ready once, however many rules ask. */
const tests = new WeakMap<object, (name: string) => boolean>();
const EVERY_NAME = (): boolean => true;

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
export function claimsBefore(rule: Rule, pack: readonly PackRule[]): (subject: Subject) => Claims {
  const place = pack.findIndex((other) => other.rule === rule);
  const priority = (of: Rule): number => paramsOf(of).priority ?? Number.POSITIVE_INFINITY;
  const before = pack.filter((other, at) => {
    if (other.rule === rule || paramsOf(other.rule).claims !== true) return false;
    const [mine, its] = [priority(rule), priority(other.rule)];
    return its < mine || (its === mine && at < place);
  });
  return (subject) => {
    const here = before.filter((other) => other.onResource(subject));
    const ofTags = here
      .filter((other) => paramsOf(other.rule).untagged !== 'only')
      .map((other) => ({ other, tags: tagsTest(paramsOf(other.rule)) }));
    return {
      hasTag: (name) => ofTags.some(({ other, tags }) => other.onTag(name) && tags(name)),
      hasUntagged: here.some((other) => (paramsOf(other.rule).untagged ?? 'exclude') !== 'exclude'),
    };
  };
}
