import type { ReportModel } from '#application';
import { targetName } from '../../reported-findings.js';
import { count, moment } from '../figures.js';
import { foreignText } from '../foreign-text.js';
import { type Content, type Markup, markup } from '../markup.js';
import { section, tableOf } from '../tables.js';

/** What changed in the packs, which may be why numbers moved. */
export function packChanges({ summary: { packChanges: rows } }: ReportModel): Markup {
  const table = tableOf('Versions stored and packs removed in the period', rows, [
    { title: 'Rule pack', kind: 'head', cell: ({ name }) => foreignText(name) },
    {
      title: 'Version',
      kind: 'prose',
      cell: ({ fromVersion, toVersion }) => versions(fromVersion, toVersion),
    },
    { title: 'Rules added', kind: 'prose', cell: ({ added }) => names(added) },
    { title: 'Rules removed', kind: 'prose', cell: ({ removed }) => names(removed) },
    { title: 'By', kind: 'prose', cell: ({ by }) => foreignText(by) },
    { title: 'When', kind: 'prose', cell: ({ at }) => moment(at) },
  ]);
  return section(
    'packs',
    'What changed in the rule packs',
    rows.length === 0 ? markup`<p>Nothing changed: every scan of the period ran the same rules.</p>` : table,
  );
}

/** Rules that could not be judged: neither a pass nor a finding. */
export function notEvaluated(model: ReportModel): Markup | null {
  const { notEvaluated: rows } = model.summary;
  if (rows.length === 0) return null;
  const table = tableOf('A rule that lacks a fact is neither passed nor failed', rows, [
    {
      title: 'Rule',
      kind: 'head',
      cell: ({ ruleId, rulePack }) => markup`${foreignText(ruleId)} <small>${foreignText(rulePack)}</small>`,
    },
    { title: 'Target', kind: 'prose', cell: ({ targetId }) => foreignText(targetName(model, targetId)) },
    { title: 'Needs', kind: 'prose', cell: ({ needs }) => foreignText(needs) },
    { title: 'Resources', kind: 'number', cell: ({ resources }) => count(resources) },
  ]);
  return section('not-evaluated', 'Rules that were not evaluated', table);
}

function versions(from: number | null, to: number | null): string {
  if (from === null) return `new, version ${to ?? 1}`;
  return to === null ? `removed, was version ${from}` : `${from} → ${to}`;
}

function names(ids: readonly string[]): Content {
  if (ids.length === 0) return markup`<span class="none">–</span>`;
  return ids.map((id, index) => markup`${index === 0 ? '' : ', '}${foreignText(id)}`);
}
