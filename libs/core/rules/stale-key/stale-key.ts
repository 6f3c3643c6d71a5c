import { byCodeUnit } from '../../matchers/ascii-case.js';
import { MatcherSet } from '../../matchers/matcher-set.js';
import type { Matcher } from '../../matchers/matcher.js';
import type { Tag } from '../../model/resource.js';
import { labelKey, listOf, moment } from '../../policy/schema/fields.js';
import { matcherWith } from '../../policy/schema/matcher-schema.js';
import type { Repair, Subject, TagJudge } from '../judge.js';
import { listWords, quote } from '../quote.js';
import { renameKey, renameParams, type OnConflict } from '../rename-key.js';
import { defineKind, type RuleFault } from '../rule-kind.js';

interface Retired {
  readonly matcher: Matcher;
  readonly replacedBy?: string | undefined;
}
type Cure = {
  readonly name: 'remove' | 'rename';
  readonly params: { readonly onConflict: OnConflict };
} | null;

export const staleKey = defineKind({
  name: 'stale-key',
  judges: 'label',
  finds: 'retired keys that a finished project or a refactoring left behind',
  params: {
    keys: listOf(matcherWith('a retired key', { replacedBy: labelKey().optional() }), 500),
    since: moment().optional(),
  },
  fixes: { remove: renameParams(), rename: renameParams() },
  title: ({ params }) =>
    `Retired keys ${listWords(
      params.keys.map(({ matcher }) => pattern(matcher)),
      3,
    )}`,
  canonicalKeys: ({ params }) => params.keys.flatMap(({ replacedBy }) => replacedBy ?? []),
  check: ({ params, fix }) => replacementFaults(params.keys, fix),
  compile({ params, fix }, { judges }): TagJudge<Retired> {
    const names = params.keys.map(({ matcher }) => matcher);
    const set = new MatcherSet([names]);
    const retiredBy = (name: string): Retired | undefined => params.keys[set.match(name)[0]?.matcher ?? -1];
    const rivals = (subject: Subject, to: string): string[] =>
      subject.tags
        .map(({ name }) => name)
        .filter((name) => judges(name) && retiredBy(name)?.replacedBy === to)
        .sort(byCodeUnit);
    return {
      level: 'tag',
      names,
      look: (_name, matcher) => params.keys[matcher] ?? null,
      judge(tag, retired, subject) {
        if (params.since !== undefined && subject.now < params.since) return null;
        const instead =
          retired.replacedBy === undefined ? '' : ` It was replaced by ${quote(retired.replacedBy)}.`;
        return {
          tag: tag.name,
          value: tag.value,
          message: `The key ${quote(tag.name)} is retired${family(retired.matcher)}.${instead}`,
          repair: cure(tag, retired, fix, (to) => ({ subject, rivals: rivals(subject, to) })),
          evidence: { retired: pattern(retired.matcher), replacedBy: retired.replacedBy ?? null },
        };
      },
    };
  },
});

const pattern = ({ type, text }: Matcher): string => (type === 'prefix' ? `${text}…` : text);

/** Which keys were retired with it, where the rule names more than this one. */
const family = (matcher: Matcher): string =>
  matcher.type === 'exact' ? '' : ` with ${quote(pattern(matcher))}`;

function cure(
  tag: Tag,
  { replacedBy }: Retired,
  fix: Cure,
  look: (to: string) => { subject: Subject; rivals: string[] },
): Repair | null {
  if (fix === null) return null;
  if (replacedBy !== undefined) {
    const { subject, rivals } = look(replacedBy);
    return renameKey(subject, { from: tag.name, to: replacedBy, rivals, onConflict: fix.params.onConflict });
  }
  if (fix.name === 'rename') return null;
  const change = { change: 'remove', key: tag.name, value: tag.value ?? '' } as const;
  return { suggestion: `Remove the key ${quote(tag.name)}.`, changes: [change] };
}

function replacementFaults(keys: readonly Retired[], fix: Cure): RuleFault[] {
  const set = new MatcherSet([keys.map(({ matcher }) => matcher)]);
  const faults = keys.flatMap(({ replacedBy }, index): RuleFault[] => {
    if (replacedBy === undefined || set.match(replacedBy).length === 0) return [];
    const message = `${quote(replacedBy)} is itself retired by this rule, so its own fix would never settle.`;
    return [{ path: ['keys', index, 'replacedBy'], message, severity: 'critical' }];
  });
  if (fix?.name === 'rename' && keys.every(({ replacedBy }) => replacedBy === undefined)) {
    const message =
      'No key says what it was replaced by, so there is nothing to rename; add "replacedBy" or use `fix: remove`.';
    faults.push({ path: ['fix'], message, severity: 'critical' });
  }
  return faults;
}
