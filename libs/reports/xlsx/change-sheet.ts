import type { PackChange, ReportModel } from '#application';
import { type TableColumn, tableLayout, tableRows } from './table-sheet.js';
import type { Workbook } from './workbook.js';
import type { ZipPart } from './zip-parts.js';

interface Row extends PackChange {
  readonly what: string;
  readonly rule: string | null;
}

const COLUMNS: readonly TableColumn<Row>[] = [
  { title: 'When (UTC)', width: 17, value: ({ at }) => at, style: 'date' },
  { title: 'Rule pack', width: 28, value: ({ name }) => name, style: 'text' },
  { title: 'From version', width: 12, value: ({ fromVersion }) => fromVersion, style: 'integer' },
  { title: 'To version', width: 12, value: ({ toVersion }) => toVersion, style: 'integer' },
  { title: 'What', width: 26, value: ({ what }) => what, style: 'text' },
  { title: 'Rule', width: 36, value: ({ rule }) => rule, style: 'text' },
  { title: 'By', width: 28, value: ({ by }) => by, style: 'text' },
];

/** What changed in the rule packs, one row for each rule that came or went. */
export function changeSheet(model: ReportModel, workbook: Workbook): ZipPart {
  const rows = model.summary.packChanges.flatMap(rowsOf);
  return workbook.sheet('Changes', tableLayout(COLUMNS), tableRows(COLUMNS, rows));
}

function rowsOf(change: PackChange): Row[] {
  const rules = [
    ...change.added.map((rule) => ({ ...change, what: 'Rule added', rule })),
    ...change.removed.map((rule) => ({ ...change, what: 'Rule removed', rule })),
  ];
  return rules.length > 0 ? rules : [{ ...change, what: wholePack(change), rule: null }];
}

function wholePack({ fromVersion, toVersion }: PackChange): string {
  if (toVersion === null) return 'Pack removed';
  return fromVersion === null ? 'Pack added' : 'Rules changed, none came or went';
}
