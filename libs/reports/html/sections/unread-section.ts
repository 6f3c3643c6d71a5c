import type { ReportModel } from '#application';
import { unreadParts } from '../../unread-parts.js';
import { foreignText } from '../foreign-text.js';
import { type Markup, markup } from '../markup.js';
import { section, tableOf } from '../tables.js';

/** Says what the report cannot know. */
export function unreadSection(model: ReportModel): Markup {
  const parts = unreadParts(model);
  const caption = 'What the report says of these parts is what an earlier scan saw, if there was one.';
  const table = tableOf(caption, parts, [
    { title: 'Target', kind: 'head', cell: ({ target }) => foreignText(target) },
    { title: 'Part', kind: 'code', cell: ({ scope }) => (scope === null ? 'all of it' : foreignText(scope)) },
    { title: 'Reason', kind: 'prose', cell: ({ reason }) => foreignText(reason) },
  ]);
  return section(
    'unread',
    'What could not be read',
    parts.length === 0 ? markup`<p>Everything was read.</p>` : table,
  );
}
