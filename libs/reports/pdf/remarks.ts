import type { ReportModel } from '#application';
import { targetName } from '../reported-findings.js';
import { SCORE_FORMULA } from '../score-formula.js';
import { notEvaluatedRules, unreadParts } from '../unread-parts.js';
import { heading, paragraph } from './heading.js';
import { INK } from './ink.js';
import type { PdfPages } from './pdf-pages.js';
import { table } from './table.js';
import { count, daysBetween, isoDay, moment } from './words.js';

/** Open findings that wait for the longest time. */
export function oldestDebts(pages: PdfPages, model: ReportModel): void {
  const { oldest } = model.summary;
  if (oldest.length === 0) return;
  heading(pages, 'Oldest debts', 'Open for the longest time, the oldest first.');
  table(pages, oldest, [
    {
      title: 'Fault',
      share: 0.44,
      text: ({ message }) => message,
      small: ({ rulePack, ruleId }) => `${rulePack}/${ruleId}`,
    },
    {
      title: 'Severity',
      share: 0.1,
      text: ({ severity }) => severity,
      colour: ({ severity }) => INK[severity],
    },
    {
      title: 'Target',
      share: 0.26,
      text: ({ targetId }) => targetName(model, targetId),
      small: ({ resource }) => resource,
    },
    { title: 'Since', share: 0.12, text: ({ firstSeenAt }) => isoDay(firstSeenAt) },
    {
      title: 'Days',
      share: 0.08,
      align: 'right',
      text: ({ firstSeenAt }) => count(daysBetween(firstSeenAt, model.to)),
    },
  ]);
}

/** What the report cannot know. */
export function unread(pages: PdfPages, model: ReportModel): void {
  heading(pages, 'What could not be read');
  const parts = unreadParts(model);
  if (parts.length === 0) paragraph(pages, 'Everything was read.');
  else
    table(pages, parts, [
      { title: 'Target', share: 0.22, strong: true, text: ({ target }) => target },
      { title: 'Part', share: 0.26, text: ({ scope }) => scope ?? 'all of it' },
      { title: 'Reason', share: 0.52, text: ({ reason }) => reason },
    ]);
  const rules = notEvaluatedRules(model);
  if (rules.length === 0) return;
  heading(pages, 'Rules that were not evaluated', 'A rule that lacks a fact is neither passed nor failed.');
  table(pages, rules, [
    { title: 'Rule', share: 0.4, strong: true, text: ({ rule }) => rule },
    { title: 'Target', share: 0.26, text: ({ target }) => target },
    { title: 'Needs', share: 0.22, text: ({ needs }) => needs },
    { title: 'Resources', share: 0.12, align: 'right', text: ({ resources }) => count(resources) },
  ]);
}

/** What changed in the packs, which may be why numbers moved. */
export function packChanges(pages: PdfPages, { summary: { packChanges: rows } }: ReportModel): void {
  heading(pages, 'What changed in the rule packs');
  if (rows.length === 0)
    return paragraph(pages, 'Nothing changed: every scan of the period ran the same rules.');
  table(pages, rows, [
    { title: 'Rule pack', share: 0.22, strong: true, text: ({ name }) => name },
    {
      title: 'Version',
      share: 0.14,
      text: ({ fromVersion, toVersion }) => versions(fromVersion, toVersion),
    },
    { title: 'Rules added', share: 0.22, text: ({ added }) => added.join(', ') || '–' },
    { title: 'Rules removed', share: 0.22, text: ({ removed }) => removed.join(', ') || '–' },
    { title: 'When, by', share: 0.2, text: ({ at }) => moment(at), small: ({ by }) => by },
  ]);
}

function versions(from: number | null, to: number | null): string {
  if (from === null) return `new: ${count(to ?? 1)}`;
  return to === null ? `removed, was ${count(from)}` : `${count(from)} to ${count(to)}`;
}

/** How to check what the report says. */
export function foundations(pages: PdfPages, model: ReportModel): void {
  heading(pages, 'How the score is made');
  paragraph(pages, SCORE_FORMULA);
  heading(pages, 'How to check this report');
  paragraph(
    pages,
    `Report ${model.id}. The audit log ended with ${model.auditHead} when it was made: a log that no longer holds this hash was cut or changed.`,
  );
}
