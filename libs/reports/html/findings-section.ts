import type { ReportModel } from '#application';
import { reportedFindings } from '../reported-findings.js';
import { counted } from './figures.js';
import { FINDING_COLUMNS } from './finding-columns.js';
import { type Markup, markup } from './markup.js';

const SECTION_START = markup`<section class="findings" aria-labelledby="findings">
<h2 id="findings">Findings</h2>
`;
const TABLE_START = markup`<table>
<caption>Everything that was open at some time of the period, the most severe first. Dates are UTC.</caption>
<thead><tr>${FINDING_COLUMNS.map(({ title }) => markup`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
`;
const SECTION_END = markup`</section>
`;

/** The table of all findings, row by row. */
export async function* findingsSection(model: ReportModel): AsyncGenerator<Markup> {
  yield SECTION_START;
  let rows = 0;
  for await (const row of reportedFindings(model)) {
    if (rows === 0) yield TABLE_START;
    const cells = FINDING_COLUMNS.map(({ cell }) => markup`<td>${cell(row)}</td>`);
    yield markup`<tr id="f-${row.finding.id}">${cells}</tr>\n`;
    rows += 1;
  }
  yield rows === 0
    ? markup`<p>No finding was open in this period.</p>\n`
    : markup`</tbody></table><p class="muted">${counted(rows, 'finding')} listed.</p>\n`;
  yield SECTION_END;
}
