import type { ReportModel } from '#application';
import { reportedFindings } from '../../reported-findings.js';
import { count, counted } from '../figures.js';
import { FINDING_COLUMNS } from './finding-columns.js';
import { type Markup, markup } from '../markup.js';

const SECTION_START = markup`<section class="findings" aria-labelledby="findings">
<h2 id="findings">Findings</h2>
`;
const TABLE_END = markup`</tbody></table></div>
`;
const SECTION_END = markup`</section>
`;

/**
 * Browsers lay out a table as a whole: in pieces, which the style sheet lets them leave alone until they come into view, a
 * page of many findings opens at once.
 */
const ROWS_OF_A_TABLE = 250;

/** The findings, row by row. */
export async function* findingsSection(model: ReportModel): AsyncGenerator<Markup> {
  yield SECTION_START;
  let rows = 0;
  for await (const row of reportedFindings(model)) {
    if (rows % ROWS_OF_A_TABLE === 0) {
      if (rows > 0) yield TABLE_END;
      yield tableStart(rows + 1);
    }
    const cells = FINDING_COLUMNS.map(({ cell }) => markup`<td>${cell(row)}</td>`);
    yield markup`<tr id="f-${row.finding.id}">${cells}</tr>\n`;
    rows += 1;
  }
  if (rows > 0) yield TABLE_END;
  yield rows === 0
    ? markup`<p>No finding was open in this period.</p>\n`
    : markup`<p class="muted">${counted(rows, 'finding')} listed.</p>\n`;
  yield SECTION_END;
}

function tableStart(firstRow: number): Markup {
  const caption =
    firstRow === 1
      ? 'Everything that was open at some time of the period, the most severe first. Dates are UTC.'
      : `Findings from number ${count(firstRow)} on`;
  return markup`<div class="sheet"><table><caption>${caption}</caption>
<thead><tr>${FINDING_COLUMNS.map(({ title }) => markup`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
`;
}
