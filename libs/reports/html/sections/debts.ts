import type { FindingRecord, ReportModel } from '#application';
import { targetName } from '../../reported-findings.js';
import { count, day } from '../figures.js';
import { foreignText, foreignValue } from '../foreign-text.js';
import { type Markup, markup } from '../markup.js';
import { section, tableOf } from '../tables.js';

const DAY_MS = 86_400_000;

/** Open findings that wait for the longest time. */
export function oldestDebts(model: ReportModel): Markup | null {
  const { oldest } = model.summary;
  if (oldest.length === 0) return null;
  const age = ({ firstSeenAt }: FindingRecord) =>
    Math.max(0, Math.floor((model.to.getTime() - firstSeenAt.getTime()) / DAY_MS));
  const table = tableOf('Open for the longest time, the oldest first', oldest, [
    {
      title: 'Fault',
      kind: 'head',
      cell: ({ id, message }) => markup`<a href="#f-${id}">${foreignText(message)}</a>`,
    },
    {
      title: 'Severity',
      kind: 'prose',
      cell: ({ severity }) => markup`<span class="badge ${severity}">${severity}</span>`,
    },
    {
      title: 'Target',
      kind: 'prose',
      cell: ({ targetId, scope }) =>
        markup`${foreignText(targetName(model, targetId))}${scope === null ? null : markup`<small>${foreignText(scope)}</small>`}`,
    },
    { title: 'Resource', kind: 'code', cell: ({ resource }) => foreignText(resource) },
    { title: 'Tag', kind: 'code', cell: ({ tag }) => foreignValue(tag) },
    { title: 'Since', kind: 'prose', cell: ({ firstSeenAt }) => day(firstSeenAt) },
    { title: 'Days', kind: 'number', cell: (finding) => count(age(finding)) },
  ]);
  return section('oldest', 'Oldest debts', table);
}
