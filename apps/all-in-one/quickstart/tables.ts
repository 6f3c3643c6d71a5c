export interface FindingRow {
  readonly severity: string;
  readonly resource: string;
  readonly scope: string | null;
  readonly rulePack: string;
  readonly ruleId: string;
  readonly tag: string | null;
  readonly message: string;
}

/** Rows of each rule that are shown whole. */
const PER_RULE = 4;
const WIDEST = 60;

/** Findings as a table: the first few of every rule, most severe first, and what is left out. */
export function scanTable(rows: readonly FindingRow[], open: number): string {
  const byRule = Map.groupBy(rows, ({ rulePack, ruleId }) => `${rulePack}/${ruleId}`);
  const shown = [...byRule.values()].flatMap((group) => group.slice(0, PER_RULE));
  const table = grid([
    ['SEVERITY', 'RULE', 'RESOURCE', 'TAG', 'FINDING'],
    ...shown.map((row) => [row.severity, row.ruleId, row.resource, row.tag ?? '', row.message]),
  ]);
  const counts = [...byRule].map(([rule, group]) => `${group.length} ${rule}`).join(', ');
  return `${table}\n\n${shown.length} of ${open} open findings shown: ${counts || 'none'}\n`;
}

function grid(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(clip));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return lines.join('\n');
}

/** One line of printable characters: what a platform holds must not drive a terminal. */
function clip(text: string): string {
  const plain = text.replaceAll(/\p{C}/gu, '?');
  return plain.length > WIDEST ? `${plain.slice(0, WIDEST - 1)}…` : plain;
}
