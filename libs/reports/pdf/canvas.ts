import type { TextLine } from './text-lines.js';

type Spot = readonly [x: number, y: number];
type Box = readonly [x: number, y: number, width: number, height: number];

interface Page {
  readonly fonts: Record<string, unknown>;
}

/** Red, green and blue as a content stream has them, of `#rrggbb`. */
const COLOURS = new Map<string, string>();
/** How far the handles of a curve reach to make it a quarter of a circle. */
const QUARTER = 0.5523;

/**
 * Writes onto the current page of a document; x goes right, y goes down, in points. What is written is held back until
 * `flush`: to be called before the document itself writes anything.
 */
export class Canvas {
  #operators = '';
  #colour = '';

  constructor(private readonly document: PDFKit.PDFDocument) {}

  /** The line's base line begins at the spot. */
  text({ runs }: TextLine, [x, y]: Spot, size: number, colour: string): void {
    if (runs.length === 0) return;
    this.#fillWith(colour);
    const { fonts } = this.document.page as unknown as Page;
    let shown = '';
    for (const { font, codes } of runs) {
      fonts[font.id] ??= font.reference();
      shown += `/${font.id} ${size} Tf <${codes}> Tj `;
    }
    this.#operators += `BT 1 0 0 -1 ${point(x)} ${point(y)} Tm ${shown}ET\n`;
  }

  box([x, y, width, height]: Box, colour: string): void {
    this.#fillWith(colour);
    this.#operators += `${point(x)} ${point(y)} ${point(width)} ${point(height)} re f\n`;
  }

  /** A box with round corners. */
  pill([x, y, width, height]: Box, radius: number, colour: string): void {
    this.#fillWith(colour);
    const [right, bottom, inset] = [x + width, y + height, radius * (1 - QUARTER)];
    this.#operators += [
      `${point(x + radius)} ${point(y)} m ${point(right - radius)} ${point(y)} l`,
      curve(right - inset, y, right, y + inset, right, y + radius),
      `${point(right)} ${point(bottom - radius)} l`,
      curve(right, bottom - inset, right - inset, bottom, right - radius, bottom),
      `${point(x + radius)} ${point(bottom)} l`,
      curve(x + inset, bottom, x, bottom - inset, x, bottom - radius),
      `${point(x)} ${point(y + radius)} l`,
      curve(x, y + inset, x + inset, y, x + radius, y),
      'f\n',
    ].join(' ');
  }

  /** Operators of one's own. */
  raw(operators: string): void {
    this.#operators += `${operators}\n`;
  }

  /** What the document itself draws. */
  drawing(draw: (document: PDFKit.PDFDocument) => void): void {
    this.flush();
    this.document.save();
    draw(this.document);
    this.document.restore();
  }

  flush(): void {
    if (this.#operators === '') return;
    this.document.addContent(Buffer.from(this.#operators, 'latin1'));
    this.#operators = '';
  }

  /** A new page starts with no colour. */
  forgetColour(): void {
    this.#colour = '';
  }

  #fillWith(colour: string): void {
    if (colour === this.#colour) return;
    this.#colour = colour;
    this.#operators += `${componentsOf(colour)} rg\n`;
  }
}

export function componentsOf(colour: string): string {
  const known = COLOURS.get(colour);
  if (known !== undefined) return known;
  const parts = [1, 3, 5].map((at) => point(parseInt(colour.slice(at, at + 2), 16) / 255, 3));
  COLOURS.set(colour, parts.join(' '));
  return parts.join(' ');
}

/** Hundredths of a point are finer than any printer. */
export function point(number: number, digits = 2): string {
  const scale = 10 ** digits;
  return String(Math.round(number * scale) / scale);
}

function curve(...numbers: readonly number[]): string {
  return `${numbers.map((number) => point(number)).join(' ')} c`;
}
