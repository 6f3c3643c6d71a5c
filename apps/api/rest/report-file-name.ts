import type { ReportFormat, ReportRecord } from '#application';

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;
const THURSDAY = 4;

/**
 * What a file is saved as: `tagward-hygiene-2026-W48.html` for seven days, named after the ISO week (UTC) that holds their middle; the first
 * and the last day for any other period. Only characters that need no quoting (https://www.rfc-editor.org/rfc/rfc6266).
 */
export function reportFileName(
  { from, to }: Pick<ReportRecord, 'from' | 'to'>,
  format: ReportFormat,
): string {
  const days = Math.round((to.getTime() - from.getTime()) / DAY_MS);
  const middle = new Date((from.getTime() + to.getTime()) / 2);
  const last = new Date(to.getTime() - 1);
  const period = days === WEEK_DAYS ? isoWeek(middle) : [...new Set([day(from), day(last)])].join('-to-');
  return `tagward-hygiene-${period}.${format.toLowerCase()}`;
}

/** A week belongs to the year that has its Thursday. */
function isoWeek(date: Date): string {
  const weekday = date.getUTCDay() === 0 ? WEEK_DAYS : date.getUTCDay();
  const thursday = new Date(date.getTime() + (THURSDAY - weekday) * DAY_MS);
  const newYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday.getTime() - newYear) / DAY_MS / WEEK_DAYS) + 1;
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
