import type { Kept, KeptBy } from '../../retention/retention.js';
import { describeAge } from '../age.js';
import { listWords } from '../quote.js';
import { DATE_WORDS, groupWords, namesLike, number } from './words.js';

/** "Kept: among the newest 10 of 4,312 by created (number 3) in group "1"." */
export function describeSparing(kept: Kept, isGrouped: boolean): string {
  const where = isGrouped ? groupWords(kept.group) : '';
  const reasons = listWords([...new Set(kept.reasons.map((reason) => describeReason(reason, where)))], 10);
  switch (kept.by) {
    case 'keep':
      return `Kept: ${reasons}.`;
    case 'expire':
      return `Kept, for it has not expired: ${reasons}.`;
    case 'floor':
      return `Kept: ${reasons}, which the floor never undercuts.`;
    case 'sibling':
      return 'Kept: its manifest stays, for another of its tags does.';
  }
}

function describeReason(reason: KeptBy, where: string): string {
  switch (reason.why) {
    case 'not-older':
      return `at most ${describeAge(reason.age)} old (${DATE_WORDS[reason.ageOf]} ${reason.at.toISOString().slice(0, 10)})`;
    case 'among-newest':
      return `among the newest ${number(reason.newest)} of ${number(reason.of)} by ${reason.orderBy} (number ${number(reason.rank)})${where}`;
    case 'matches':
      return `named like ${namesLike(reason.matching)}`;
  }
}
