import type { ReportModel } from '#application';
import { targetName } from '../../reported-findings.js';
import { foreignText } from '../foreign-text.js';
import { type Markup, markup } from '../markup.js';
import { section, tableOf } from '../tables.js';

interface UnreadPart {
  readonly target: string;
  /** null: the whole target. */
  readonly scope: string | null;
  readonly reason: string;
}

/** What the last scans could not read, and the targets that no scan has read yet. */
export function unreadParts(model: ReportModel): readonly UnreadPart[] {
  const { errors, byTarget } = model.summary;
  const failed = new Set(errors.map(({ targetId }) => targetId));
  const unscanned = byTarget.filter(({ targetId, score }) => score === null && !failed.has(targetId));
  return [
    ...errors.map(({ targetId, scope, message }) => ({
      target: targetName(model, targetId),
      scope,
      reason: message,
    })),
    ...unscanned.map(({ targetId }) => ({
      target: targetName(model, targetId),
      scope: null,
      reason: 'No scan of it has ended yet.',
    })),
  ];
}

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
