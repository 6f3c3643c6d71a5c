import { INK, SIZE } from './ink.js';
import { PAGE, type PdfPages, TEXT_WIDTH } from './pdf-pages.js';
import type { TextLine, TextStyle } from './text-lines.js';

export interface PdfColumn<Row> {
  readonly title: string;
  /** Share of the width; all of them together are 1. */
  readonly share: number;
  readonly align?: 'right';
  readonly strong?: boolean;
  readonly text: (row: Row) => string;
  /** A second text below, smaller. */
  readonly small?: (row: Row) => string | null;
  readonly colour?: (row: Row) => string;
  /** Drawn behind the column's own place, 0 to 1; the text is left out then. */
  readonly bar?: (row: Row) => { readonly part: number; readonly colour: string };
}

const HEAD: TextStyle = { weight: 'semibold', size: 7.5 };
const SMALL: TextStyle = { weight: 'regular', size: SIZE.small };
const LINE = SIZE.body * 1.25;
const SMALL_LINE = SIZE.small * 1.3;
const HEAD_HEIGHT = 18;
const PADDING = 4;
const GAP = 8;
const MOST_LINES = 3;
const BAR_HEIGHT = 6;

/** A table whose head stands on every page that it goes over. */
export function table<Row>(pages: PdfPages, rows: readonly Row[], columns: readonly PdfColumn<Row>[]): void {
  const places = placesOf(columns);
  pages.tags.group('Table', () => {
    pages.room(HEAD_HEIGHT + 3 * LINE);
    head(pages, places);
    for (const row of rows) {
      const cells = places.map((place) => cellOf(pages, place, row));
      const height = Math.max(...cells.map((cell) => cell.height)) + 2 * PADDING;
      if (pages.room(height)) head(pages, places);
      pages.tags.group('TR', () => {
        for (const cell of cells) cell.draw(pages.y + PADDING);
      });
      pages.y += height;
      rule(pages);
    }
  });
  pages.y += 6;
}

interface Place<Row> {
  readonly column: PdfColumn<Row>;
  readonly x: number;
  readonly width: number;
}

function placesOf<Row>(columns: readonly PdfColumn<Row>[]): readonly Place<Row>[] {
  let x: number = PAGE.left;
  return columns.map((column) => {
    const place = { column, x, width: column.share * TEXT_WIDTH - GAP };
    x += column.share * TEXT_WIDTH;
    return place;
  });
}

function head<Row>(pages: PdfPages, places: readonly Place<Row>[]): void {
  pages.y += HEAD_HEIGHT;
  pages.tags.group('TR', () => {
    for (const { column, x, width } of places) {
      const line = pages.lines.single(column.title, HEAD);
      const at = column.align === 'right' ? x + width - line.width : x;
      pages.tags.content('TH', () => pages.canvas.text(line, [at, pages.y - 5], HEAD.size, INK.muted), {
        scope: 'Column',
      });
    }
  });
  rule(pages);
}

function rule(pages: PdfPages): void {
  pages.tags.artifact('Layout', () => pages.canvas.box([PAGE.left, pages.y, TEXT_WIDTH, 0.5], INK.line));
}

function cellOf<Row>(pages: PdfPages, { column, x, width }: Place<Row>, row: Row) {
  const bar = column.bar?.(row);
  if (bar !== undefined) return { height: LINE, draw: (y: number) => drawBar(pages, [x, y, width], bar) };
  const style: TextStyle = { weight: column.strong === true ? 'semibold' : 'regular', size: SIZE.body };
  const lines = pages.lines.wrapped(column.text(row), style, width, MOST_LINES);
  const below = column.small?.(row) ?? null;
  const small = below === null ? [] : pages.lines.wrapped(below, SMALL, width, MOST_LINES);
  const colour = column.colour?.(row) ?? INK.text;
  const at = (line: TextLine): number => (column.align === 'right' ? x + width - line.width : x);
  return {
    height: lines.length * LINE + small.length * SMALL_LINE,
    draw: (top: number) =>
      pages.tags.content('TD', () => {
        let y = top - LINE + SIZE.body;
        for (const line of lines) pages.canvas.text(line, [at(line), (y += LINE)], style.size, colour);
        for (const line of small)
          pages.canvas.text(line, [at(line), (y += SMALL_LINE)], SMALL.size, INK.muted);
      }),
  };
}

function drawBar(
  pages: PdfPages,
  [x, top, width]: readonly [number, number, number],
  { part, colour }: { readonly part: number; readonly colour: string },
): void {
  const y = top + (LINE - BAR_HEIGHT) / 2;
  pages.tags.artifact('Layout', () => {
    pages.canvas.box([x, y, width, BAR_HEIGHT], INK.track);
    if (part > 0) pages.canvas.box([x, y, Math.max(1, width * part), BAR_HEIGHT], colour);
  });
}
