import type { ReportModel } from '#application';
import { FINDING_FIELDS, type FindingField, type FindingFieldName } from '../finding-fields.js';
import { reportedFindings, type ReportedFinding } from '../reported-findings.js';
import type { StyleName } from './styles.js';
import { type TableColumn, tableLayout, tableRows } from './table-sheet.js';
import type { Workbook } from './workbook.js';
import type { ZipPart } from './zip-parts.js';

type Look = readonly [title: string, width: number, style: StyleName | 'severity'];

const LOOKS: Readonly<Record<FindingFieldName, Look>> = {
  severity: ['Severity', 11, 'severity'],
  state: ['State', 12, 'text'],
  platform: ['Platform', 11, 'text'],
  target: ['Target', 22, 'text'],
  scope: ['Scope', 24, 'text'],
  resource: ['Resource', 30, 'text'],
  resourceType: ['Resource type', 14, 'text'],
  tag: ['Tag', 22, 'text'],
  value: ['Value', 24, 'text'],
  message: ['Fault', 60, 'wrapped'],
  suggestion: ['Suggested fix', 44, 'wrapped'],
  fixable: ['Fixable', 10, 'plain'],
  blocked: ['Blocked', 10, 'plain'],
  fixAtSource: ['Fix at the source', 28, 'wrapped'],
  rulePack: ['Rule pack', 16, 'text'],
  ruleId: ['Rule', 26, 'text'],
  firstSeenAt: ['First seen (UTC)', 17, 'date'],
  lastSeenAt: ['Last seen (UTC)', 17, 'date'],
  resolvedAt: ['Fixed (UTC)', 17, 'date'],
  timesReopened: ['Times reopened', 11, 'integer'],
  flapping: ['Comes and goes', 10, 'plain'],
  suppressionReason: ['Suppressed because', 32, 'wrapped'],
  suppressionBy: ['Suppressed by', 20, 'text'],
  suppressionUntil: ['Suppressed until (UTC)', 17, 'date'],
  targetId: ['Target id', 38, 'text'],
  id: ['Finding id', 38, 'text'],
};

const COLUMNS: readonly TableColumn<ReportedFinding>[] = FINDING_FIELDS.map(columnOf);

/** Rows of a sheet, its header included (Excel's own limit). */
export const MOST_SHEET_ROWS = 1_048_576;

/** `Findings`, and `Findings 2` and so on for what does not fit into it. The sheets share one walk over the findings. */
export async function* findingSheets(
  model: ReportModel,
  workbook: Workbook,
  mostRows: number,
): AsyncGenerator<ZipPart> {
  const findings = reportedFindings(model);
  try {
    let next = await findings.next();
    const some = async function* () {
      for (let row = 1; row < mostRows && next.done !== true; row += 1) {
        yield next.value;
        next = await findings.next();
      }
    };
    for (let number = 1; number === 1 || next.done !== true; number += 1) {
      const name = number === 1 ? 'Findings' : `Findings ${number}`;
      yield workbook.sheet(name, tableLayout(COLUMNS), tableRows(COLUMNS, some()));
    }
  } finally {
    await findings.return(undefined);
  }
}

function columnOf({ name, value }: FindingField<FindingFieldName>): TableColumn<ReportedFinding> {
  const [title, width, style] = LOOKS[name];
  return { title, width, value, style: style === 'severity' ? ({ finding }) => finding.severity : style };
}
