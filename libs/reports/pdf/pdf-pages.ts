import PDFDocument from 'pdfkit';
import type { ReportModel } from '#application';
import { Canvas, componentsOf, point } from './canvas.js';
import { Glyphs } from './glyphs.js';
import { INK, SIZE } from './ink.js';
import { Tags } from './tags.js';
import { TextLines, type TextStyle } from './text-lines.js';
import { moment, period } from './words.js';

/** A4 in points, and where text stands on it. */
export const PAGE = { width: 595.28, height: 841.89, left: 42, right: 553.28, top: 66, bottom: 794 } as const;
export const TEXT_WIDTH = PAGE.right - PAGE.left;

const TITLE = 'Tag hygiene report';
const MARGIN_STYLE: TextStyle = { weight: 'regular', size: SIZE.small };
/** Above the body: header; below: footer. Base lines. */
const HEADER = 40;
const FOOTER = 818;
const NUMBER_ENDS = PAGE.right - 30;

/**
 * A document whose pages are written out as they are full. Text goes onto `canvas` at `y`, which grows downwards. The total
 * number of pages stands on each of them: a form that every page draws is written last.
 */
export class PdfPages {
  readonly canvas: Canvas;
  readonly lines: TextLines;
  readonly tags: Tags;
  y = 0;
  readonly #document: PDFKit.PDFDocument;
  readonly #total: PDFKit.PDFKitReference;
  #pages = 0;

  constructor(private readonly model: ReportModel) {
    this.#document = new PDFDocument({
      size: 'A4',
      margin: 0,
      autoFirstPage: false,
      font: '',
      bufferPages: false,
      fontLayoutCache: false,
      pdfVersion: '1.7',
      tagged: true,
      displayTitle: true,
      lang: 'en',
      info: {
        Title: `${TITLE}, ${period(model.from, model.to)}`,
        Author: 'Tagward',
        Creator: 'Tagward',
        Producer: 'Tagward, PDFKit',
        CreationDate: model.generatedAt,
        ModDate: model.generatedAt,
      },
    });
    this.#total = this.#document.ref({ Type: 'XObject', Subtype: 'Form', BBox: [0, -4, 40, 12] });
    this.canvas = new Canvas(this.#document);
    this.lines = new TextLines(new Glyphs(this.#document));
    this.tags = new Tags(this.#document, this.canvas);
  }

  /** Ends the page. Structure that holds text must be closed; groups of it go on. */
  next(): void {
    this.canvas.flush();
    this.#document.addPage();
    this.canvas.forgetColour();
    this.#pages += 1;
    this.y = PAGE.top;
    this.tags.artifact('Pagination', () => this.#margins());
  }

  /** Makes sure that so many points are left; true when that took a new page. */
  room(height: number): boolean {
    if (this.y + height <= PAGE.bottom) return false;
    this.next();
    return true;
  }

  /** An entry in the outline that leads to the current page at `y`. */
  bookmark(title: string): void {
    this.#document.outline.addItem(title, { top: Math.max(0, this.y - BOOKMARK_MARGIN) } as object);
  }

  /** What is ready to be written. */
  *ready(): Generator<Uint8Array> {
    const bytes = this.#document.read() as Buffer | null;
    if (bytes !== null) yield bytes;
  }

  end(): void {
    this.canvas.flush();
    this.tags.end();
    this.#writeTotal();
    this.#document.end();
  }

  #margins(): void {
    const { canvas, lines, model } = this;
    const show = (text: string, x: number, y: number) =>
      canvas.text(lines.single(text, MARGIN_STYLE), [x, y], SIZE.small, INK.muted);
    const toTheLeft = (text: string, end: number, y: number) =>
      show(text, end - lines.single(text, MARGIN_STYLE).width, y);
    if (this.#pages > 1) {
      show(TITLE, PAGE.left, HEADER);
      toTheLeft(period(model.from, model.to), PAGE.right, HEADER);
      canvas.box([PAGE.left, HEADER + 6, TEXT_WIDTH, 0.5], INK.line);
    }
    show(`Tagward, made ${moment(model.generatedAt)}`, PAGE.left, FOOTER);
    toTheLeft(`Page ${this.#pages}`, NUMBER_ENDS, FOOTER);
    (this.#document.page as unknown as { xobjects: Record<string, unknown> }).xobjects['Total'] = this.#total;
    canvas.raw(`q 1 0 0 -1 ${point(NUMBER_ENDS)} ${point(FOOTER)} cm /Total Do Q`);
  }

  #writeTotal(): void {
    const { runs } = this.lines.single(` of ${this.#pages}`, MARGIN_STYLE);
    const fonts: Record<string, unknown> = {};
    let shown = '';
    for (const { font, codes } of runs) {
      fonts[font.id] = font.reference();
      shown += `/${font.id} ${SIZE.small} Tf <${codes}> Tj `;
    }
    Object.assign(this.#total.data, { Resources: { Font: fonts } });
    this.#total.end(`${componentsOf(INK.muted)} rg BT ${shown}ET`);
  }
}

const BOOKMARK_MARGIN = 24;
