import type { ScanRecord } from '../records/scan.js';
import type { TargetRecord } from '../records/target.js';
import type { News, NewsTarget, ScanNews } from '../records/notification.js';

const MOST_ERRORS = 3;
const LONGEST_MESSAGE = 300;
/** Points. Less is noise: one more faulty tag among many. */
const FALL = 1;
/** What a sum of fractions may be off by. */
const OFF = 1e-9;

/** null: nobody is told of a scan that somebody cancelled. @param previousScore before this scan */
export function scanNews(scan: ScanRecord, target: TargetRecord, previousScore: number | null): News | null {
  const data = scanData(scan, target, previousScore);
  switch (scan.status) {
    case 'SUCCEEDED':
    case 'PARTIAL':
      return { event: 'SCAN_DONE', data };
    case 'FAILED':
      return { event: 'SCAN_FAILED', data };
    case 'QUEUED':
    case 'RUNNING':
    case 'CANCELLED':
      return null;
  }
}

/** null: it did not fall far enough. @param mark what the score is compared with */
export function scoreNews(scan: ScanRecord, target: TargetRecord, mark: number): News | null {
  const { hygieneScore: score } = target;
  if (score === null || mark - score < FALL - OFF) return null;
  const { id, counts } = scan;
  return {
    event: 'SCORE_FALLEN',
    data: {
      target: targetData(target),
      scan: { id, open: counts.open, new: counts.new },
      score,
      previousScore: mark,
    },
  };
}

function scanData(scan: ScanRecord, target: TargetRecord, previousScore: number | null): ScanNews {
  const { id, status, resources, tags, counts, errors } = scan;
  return {
    target: targetData(target),
    scan: {
      ...{ id, status, resources, tags },
      ...{ open: counts.open, new: counts.new, resolved: counts.resolved, bySeverity: counts.bySeverity },
      errors: errors.length,
      firstErrors: errors
        .slice(0, MOST_ERRORS)
        .map(({ code, message }) => ({ code, message: shortened(message) })),
    },
    score: target.hygieneScore,
    previousScore,
  };
}

function targetData({ id, name, platform }: TargetRecord): NewsTarget {
  return { id, name, platform };
}

function shortened(text: string): string {
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE - 1)}…`;
}
