import type { News, NewsTarget, ReportNews, ScanNews, ScoreNews } from '#application';
import { linkOf } from './link-of.js';
import { oneLine } from './one-line.js';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** News for people: plain lines, which each kind of channel escapes in its own way. */
export interface Wording {
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly link: { readonly name: string; readonly url: string };
}

export function wordingOf(news: News, publicUrl: string): Wording {
  const url = linkOf(news, publicUrl);
  switch (news.event) {
    case 'SCAN_DONE':
      return scanDone(news.data, url);
    case 'SCAN_FAILED':
      return scanFailed(news.data, url);
    case 'SCORE_FALLEN':
      return scoreFallen(news.data, url);
    case 'REPORT_READY':
      return reportReady(news.data, url);
  }
}

function scanDone(data: ScanNews, url: string): Wording {
  const { target, scan } = data;
  const how = scan.status === 'PARTIAL' ? 'was read in part' : 'is done';
  return {
    title: `Scan of ${nameOf(target)} ${how}: ${scan.open} open findings, ${scan.new} new`,
    facts: [
      ...placeOf(target),
      { name: 'Findings', value: countsOf(scan) },
      ...scoreFacts(data.score, data.previousScore),
      { name: 'Read', value: `${scan.resources} resources, ${scan.tags} tags` },
      ...errorFacts(scan),
    ],
    link: { name: 'The scan', url },
  };
}

function scanFailed({ target, scan }: ScanNews, url: string): Wording {
  return {
    title: `Scan of ${nameOf(target)} failed`,
    facts: [...placeOf(target), ...errorFacts(scan)],
    link: { name: 'The scan', url },
  };
}

function scoreFallen({ target, scan, score, previousScore }: ScoreNews, url: string): Wording {
  return {
    title: `Hygiene score of ${nameOf(target)} fell from ${points(previousScore)} to ${points(score)}`,
    facts: [...placeOf(target), { name: 'Findings', value: `${scan.open} open, ${scan.new} new` }],
    link: { name: 'The target', url },
  };
}

function reportReady({ report }: ReportNews, url: string): Wording {
  const { from, to, targets, score, totals, formats } = report;
  return {
    title: `Hygiene report ${day(from)} to ${day(to)} is ready`,
    facts: [
      { name: 'Targets', value: targets === null ? 'all' : String(targets) },
      ...scoreFacts(score, null),
      { name: 'Findings', value: totals.map(({ name, count }) => `${count} ${name}`).join(', ') },
      { name: 'Files', value: formats.join(', ') },
    ],
    link: { name: 'The report', url },
  };
}

function nameOf({ name }: NewsTarget): string {
  return oneLine(name, 100);
}

function placeOf({ name, platform }: NewsTarget): Fact[] {
  return [{ name: 'Target', value: `${oneLine(name, 200)} (${platform})` }];
}

function countsOf({ open, new: found, resolved, bySeverity }: ScanNews['scan']): string {
  const severities = bySeverity.filter(({ count }) => count > 0).map(({ name, count }) => `${count} ${name}`);
  const split = severities.length === 0 ? '' : ` (${severities.join(', ')})`;
  return `${open} open${split}, ${found} new, ${resolved} resolved`;
}

function scoreFacts(score: number | null, previous: number | null): Fact[] {
  if (score === null) return [];
  const change = previous === null ? '' : `, ${points(previous)} before`;
  return [{ name: 'Score', value: `${points(score)} of 100${change}` }];
}

function errorFacts({ errors, firstErrors }: ScanNews['scan']): Fact[] {
  const lines = firstErrors.map(({ code, message }) => ({ name: code, value: oneLine(message) }));
  const more = errors - firstErrors.length;
  return more > 0 ? [...lines, { name: 'Errors', value: `${more} more` }] : lines;
}

/** Rounded down: a score with a fault in it never reads 100. What a sum of fractions is off by is no fault. */
function points(score: number): string {
  return (Math.floor(score * 10 + 1e-9) / 10).toFixed(1);
}

function day(date: string): string {
  return date.slice(0, 10);
}
