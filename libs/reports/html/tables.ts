import { type Content, type Markup, markup } from './markup.js';

export interface Column<Row> {
  /** null: a drawing of the column before it. */
  readonly title: string | null;
  /** `head` names the row; `prose` is text of ours or of people; `code` is text of a platform. */
  readonly kind: 'head' | 'number' | 'prose' | 'code' | 'chart';
  readonly cell: (row: Row) => Content;
}

const CLASSES = { head: 'prose', number: 'number', prose: 'prose', code: null, chart: 'chart' } as const;

/** Columns that a phone has room for; more are scrolled to, also by keyboard. */
const NARROW = 5;

/** A table with its caption; at least one row. */
export function tableOf<Row>(caption: string, rows: readonly Row[], columns: readonly Column<Row>[]): Markup {
  const wide = columns.length > NARROW;
  const place = wide
    ? markup`<div class="scroll" tabindex="0" role="group" aria-label="${caption}">`
    : markup`<div>`;
  return markup`${place}<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        ${columns.map((column) => heading(column))}
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => markup`<tr>${columns.map((column) => cellOf(column, row))}</tr>\n`)}
    </tbody>
  </table></div>`;
}

/** A part of the page with its heading; what it says when there is no row is said by the caller. */
export function section(id: string, title: string, content: Content): Markup {
  return markup`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section> `;
}

function heading<Row>({ title, kind }: Column<Row>): Markup {
  if (title === null) return markup`<td></td>`;
  return kind === 'number'
    ? markup`<th scope="col" class="number">${title}</th>`
    : markup`<th scope="col">${title}</th>`;
}

function cellOf<Row>({ kind, cell }: Column<Row>, row: Row): Markup {
  const name = CLASSES[kind];
  if (kind === 'head') return markup`<th scope="row" class="prose">${cell(row)}</th>`;
  return name === null ? markup`<td>${cell(row)}</td>` : markup`<td class="${name}">${cell(row)}</td>`;
}
