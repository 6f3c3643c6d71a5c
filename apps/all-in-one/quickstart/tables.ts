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

/** Findings as a table: a few of every rule, most severe first, and how many there are. */
export function scanTable(rows: readonly FindingRow[], open: number): string {
  const byRule = Map.groupBy(rows, ({ rulePack, ruleId }) => `${rulePack}/${ruleId}`);
  const shown = [...byRule.values()].flatMap((group) => examples(group));
  const table = grid([
    ['SEVERITY', 'RULE', 'RESOURCE', 'TAG', 'FINDING'],
    ...shown.map((row) => [row.severity, row.ruleId, row.resource, row.tag ?? '', row.message]),
  ]);
  const counts = [...byRule].map(([rule, group]) => `${group.length} ${rule}`).join(', ');
  return `${table}\n\n${shown.length} of ${open} open findings shown: ${counts || 'none'}\n`;
}

/** A few findings of one rule: one of each tag in turn, the tags most often at fault first. The same ones at every run. */
function examples(rows: readonly FindingRow[]): FindingRow[] {
  const byTag = [...Map.groupBy(rows, ({ tag }) => tag ?? '')]
    .map(([tag, group]) => ({ tag, group: group.toSorted((a, b) => order(a.resource, b.resource)) }))
    .sort((a, b) => b.group.length - a.group.length || order(a.tag, b.tag));
  const turns = Array.from({ length: PER_RULE }, (_, turn) =>
    byTag.flatMap(({ group }) => group[turn] ?? []),
  );
  return turns.flat().slice(0, PER_RULE);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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
