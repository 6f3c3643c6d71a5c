import type { Matcher } from '../../matchers/matcher.js';
import type { Condemned, KeepClause, Reason } from '../../retention/retention.js';
import { describeAge, type AgeOf } from '../age.js';
import { listWords, quote } from '../quote.js';
import type { RetentionParams } from './params.js';

export const DATE_WORDS: Readonly<Record<AgeOf, string>> = {
  created: 'created',
  pushed: 'pushed',
  tagPushed: 'put where it points',
  pulled: 'last pulled',
  active: 'last pushed or pulled',
  firstSeen: 'first seen',
};

/** `4,312`, the same in every locale. */
export const number = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** Matchers as a sentence names them. */
export const namesLike = (matching: readonly Matcher[]): string =>
  listWords(
    matching.map(({ type, text }) => quote(type === 'prefix' ? `${text}…` : text)),
    3,
  );

/** "All but the newest 10 by created and what is newer than 30 days (created)". */
export function describeRetention({ keep, expire }: RetentionParams): string {
  const aged = expire && `older than ${describeAge(expire.olderThan)} (${DATE_WORDS[expire.ageOf]})`;
  const kept = keep && `all but ${describeKept(keep)}`;
  return `Retention: ${[aged, kept].filter((part) => part !== undefined).join(', ')}`;
}

function describeKept(clause: KeepClause): string {
  if ('newest' in clause) return `the newest ${number(clause.newest)} by ${clause.orderBy}`;
  if ('newerThan' in clause) {
    return `what is at most ${describeAge(clause.newerThan)} old (${DATE_WORDS[clause.ageOf]})`;
  }
  if ('matching' in clause) return `names like ${namesLike(clause.matching)}`;
  if ('any' in clause) return listWords(clause.any.map(describeKept));
  const parts = clause.all.map(describeKept);
  return parts.length === 1 ? (parts[0] ?? '') : `what is in all of: ${listWords(parts)}`;
}

const RANKED: readonly Reason['why'][] = ['older-than', 'not-among-newest', 'matches-none'];

/** "older than 30 days (created 2025-01-01) and not among the newest 10 of 4,312 by created in group "1"". */
export function describeReasons({ expired, notKept, group }: Condemned, isGrouped: boolean): string {
  const reasons = expired === null ? notKept : [expired, ...notKept];
  const where = isGrouped ? groupWords(group.group) : '';
  const [only, second] = reasons;
  if (only !== undefined && second === undefined) return describeReason(only, where);
  const sorted = [...reasons].sort((a, b) => RANKED.indexOf(a.why) - RANKED.indexOf(b.why));
  return listWords([...new Set(sorted.map((reason) => describeReason(reason, where)))], 10);
}

export const groupWords = (group: string | null): string =>
  group === null ? ' among names of no group' : ` in group ${quote(group)}`;

function describeReason(reason: Reason, where: string): string {
  switch (reason.why) {
    case 'older-than':
      return `older than ${describeAge(reason.age)} (${DATE_WORDS[reason.ageOf]} ${reason.at.toISOString().slice(0, 10)})`;
    case 'not-among-newest':
      return `not among the newest ${number(reason.newest)} of ${number(reason.of)} by ${reason.orderBy}${where}`;
    case 'matches-none':
      return `not named like ${namesLike(reason.matching)}`;
  }
}
