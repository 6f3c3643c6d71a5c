import type { ReportModel } from '#application';
import { notEvaluatedRules, unreadParts } from '../unread-parts.js';
import { type TableColumn, tableLayout, tableRows } from './table-sheet.js';
import type { Workbook } from './workbook.js';
import type { ZipPart } from './zip-parts.js';

interface Row {
  readonly kind: string;
  readonly target: string;
  readonly scope: string | null;
  readonly code: string | null;
  readonly rule: string | null;
  readonly resources: number | null;
  readonly reason: string;
}

const COLUMNS: readonly TableColumn<Row>[] = [
  { title: 'What', width: 18, value: ({ kind }) => kind, style: 'text' },
  { title: 'Target', width: 28, value: ({ target }) => target, style: 'text' },
  { title: 'Part', width: 30, value: ({ scope }) => scope, style: 'text' },
  { title: 'Rule', width: 36, value: ({ rule }) => rule, style: 'text' },
  { title: 'Resources', width: 12, value: ({ resources }) => resources, style: 'integer' },
  { title: 'Reason', width: 70, value: ({ reason }) => reason, style: 'wrapped' },
  { title: 'Code', width: 24, value: ({ code }) => code, style: 'text' },
];

/** What the report cannot know: parts that were not read and rules that could not judge. */
export function unreadSheet(model: ReportModel, workbook: Workbook): ZipPart {
  const rows: Row[] = [
    ...unreadParts(model).map((part) => ({ ...part, kind: 'Not read', rule: null, resources: null })),
    ...notEvaluatedRules(model).map(({ target, rule, needs, resources }) => ({
      kind: 'Not evaluated',
      target,
      scope: null,
      code: null,
      rule,
      resources,
      reason: `Missing: ${needs}`,
    })),
  ];
  return workbook.sheet('Not read', tableLayout(COLUMNS), tableRows(COLUMNS, rows));
}
