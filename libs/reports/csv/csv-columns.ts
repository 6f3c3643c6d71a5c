import type { ReportedFinding } from '../reported-findings.js';

/** A number stays a number; null is an empty cell without quotes, the empty text is `""`. */
export type Cell = string | number | null;

interface Column {
  readonly name: string;
  readonly cell: (row: ReportedFinding) => Cell;
}

const column = (name: string, cell: Column['cell']): Column => ({ name, cell });
const time = (date: Date | null | undefined): string | null => date?.toISOString() ?? null;

/**
 * The columns of the CSV file, in their order. Names and spellings are those of the JSON file. New columns go last.
 * The first must not be called ID: Excel would take the file for SYLK.
 */
export const CSV_COLUMNS: readonly Column[] = [
  column('severity', ({ finding }) => finding.severity.toUpperCase()),
  column('state', ({ finding }) => finding.state),
  column('platform', ({ platform }) => platform?.toUpperCase() ?? null),
  column('target', ({ target }) => target),
  column('scope', ({ finding }) => finding.scope),
  column('resource', ({ finding }) => finding.resource),
  column('resourceType', ({ finding }) => finding.resourceType),
  column('tag', ({ finding }) => finding.tag),
  column('value', ({ finding }) => finding.value),
  column('message', ({ finding }) => finding.message),
  column('suggestion', ({ finding }) => finding.suggestion),
  column('fixable', ({ finding }) => String(finding.fixable)),
  column('blocked', ({ finding }) => String(finding.blocked)),
  column('fixAtSource', ({ finding }) => finding.fixAtSource),
  column('rulePack', ({ finding }) => finding.rulePack),
  column('ruleId', ({ finding }) => finding.ruleId),
  column('firstSeenAt', ({ finding }) => time(finding.firstSeenAt)),
  column('lastSeenAt', ({ finding }) => time(finding.lastSeenAt)),
  column('resolvedAt', ({ finding }) => time(finding.resolvedAt)),
  column('timesReopened', ({ finding }) => finding.timesReopened),
  column('flapping', ({ finding }) => String(finding.flapping)),
  column('suppressionReason', ({ finding }) => finding.suppression?.reason ?? null),
  column('suppressionBy', ({ finding }) => finding.suppression?.by ?? null),
  column('suppressionUntil', ({ finding }) => time(finding.suppression?.until)),
  column('targetId', ({ finding }) => finding.targetId),
  column('id', ({ finding }) => finding.id),
];
