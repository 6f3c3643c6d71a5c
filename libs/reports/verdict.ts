import type { ReportSummary } from '#application';
import { scoreChange } from './score-change.js';
import { scoreText } from './score-formula.js';

const DAY = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long' });
const COUNT = new Intl.NumberFormat('en-GB');

/** What the period came to, in two sentences that can stand in a mail. */
export function verdict(summary: ReportSummary, from: Date): string {
  if (summary.targets.length === 0) return 'There is no target in this report.';
  if (summary.score === null) return 'No scan has ended yet, so that there is no score.';
  return `${scoreSentence(summary.score, summary.scoreBefore, from)} ${faultSentence(summary.totals)}`;
}

/** `+3.5`, `−1.2`, `±0`; null when one of the two scores is not known. */
export function changeText(score: number | null, before: number | null): string | null {
  const change = scoreChange(score, before);
  if (change === null) return null;
  return change === 0 ? '±0' : `${change > 0 ? '+' : '−'}${Math.abs(change).toFixed(1)}`;
}

function scoreSentence(score: number, before: number | null, from: Date): string {
  const shown = `The score is ${scoreText(score)} of 100`;
  const change = scoreChange(score, before);
  if (change === null) return `${shown}; there is none from before to compare it with.`;
  const since = `since ${DAY.format(from)}`;
  if (change === 0) return `${shown}, unchanged ${since}.`;
  return `${shown}, ${change > 0 ? 'up' : 'down'} ${Math.abs(change).toFixed(1)} ${since}.`;
}

function faultSentence({ open, new: opened, resolved }: ReportSummary['totals']): string {
  const happened =
    opened === 0 && resolved === 0
      ? 'No fault came up and none was fixed'
      : `${faults(resolved)} ${resolved === 1 ? 'was' : 'were'} fixed and ${COUNT.format(opened)} came up`;
  return `${happened}; ${open === 0 ? 'none is open' : `${COUNT.format(open)} ${open === 1 ? 'is' : 'are'} open`}.`;
}

function faults(number: number): string {
  return `${COUNT.format(number)} fault${number === 1 ? '' : 's'}`;
}
