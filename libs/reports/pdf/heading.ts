import { INK, SIZE } from './ink.js';
import type { PdfPages } from './pdf-pages.js';
import { PAGE, TEXT_WIDTH } from './pdf-pages.js';
import type { TextStyle } from './text-lines.js';

const HEADING: TextStyle = { weight: 'semibold', size: SIZE.heading };
const NOTE: TextStyle = { weight: 'regular', size: SIZE.body };
const LEADING = 1.35;
/** A heading is not left alone at the end of a page. Points. */
const COMPANY = 90;

/** Begins a part of the document: a heading with an entry in the outline, and a line that says what follows. */
export function heading(pages: PdfPages, title: string, note?: string): void {
  if (!pages.room(COMPANY)) pages.y += 14;
  pages.bookmark(title);
  pages.y += SIZE.heading;
  pages.tags.content('H2', () =>
    pages.canvas.text(pages.lines.single(title, HEADING), [PAGE.left, pages.y], SIZE.heading, INK.text),
  );
  pages.y += 6;
  if (note !== undefined) paragraph(pages, note, { colour: INK.muted });
}

interface ParagraphOptions {
  readonly colour?: string;
  readonly style?: TextStyle;
  readonly mostLines?: number;
}

/** Text over the whole width. */
export function paragraph(pages: PdfPages, text: string, options: ParagraphOptions = {}): void {
  const { colour = INK.text, style = NOTE, mostLines = 12 } = options;
  const lines = pages.lines.wrapped(text, style, TEXT_WIDTH, mostLines);
  pages.room(lines.length * style.size * LEADING);
  pages.tags.content('P', () => {
    for (const line of lines) {
      pages.y += style.size * LEADING;
      pages.canvas.text(line, [PAGE.left, pages.y], style.size, colour);
    }
  });
  pages.y += 4;
}
