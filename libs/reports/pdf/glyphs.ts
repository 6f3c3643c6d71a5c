import type { FontFile, Weight } from './font-files.js';
import { FONT_FILES, WEIGHTS } from './font-files.js';

/** A font as it is within one document. */
export interface DocumentFont {
  /** What the content of a page calls it. */
  readonly id: string;
  readonly reference: () => object;
}

export interface Glyph {
  readonly font: DocumentFont;
  /** Four hexadecimal digits: its number within the embedded subset. */
  readonly code: string;
  /** For a font size of 1. */
  readonly width: number;
}

/**
 * What pdfkit keeps for an embedded font. Its text functions lay out word by word and remember every word, which for a
 * hundred thousand findings takes more time and memory than the report itself; so pages are written glyph by glyph.
 */
interface EmbeddedFont {
  readonly id: string;
  readonly font: { hasGlyphForCodePoint: (codePoint: number) => boolean };
  readonly encode: (
    text: string,
  ) => readonly [codes: readonly string[], positions: readonly { advanceWidth: number }[]];
  readonly ref: () => object;
}

interface OpenFont {
  readonly embedded: EmbeddedFont;
  readonly font: DocumentFont;
}

const UNITS = 1_000;

/** The glyphs of one document: for each character the first font that has it. Only what was asked for is embedded. */
export class Glyphs {
  readonly #document: PDFKit.PDFDocument;
  readonly #open = new Map<string, OpenFont>();
  readonly #known: Readonly<Record<Weight, Map<number, Glyph | null>>>;

  constructor(document: PDFKit.PDFDocument) {
    this.#document = document;
    this.#known = Object.fromEntries(WEIGHTS.map((weight) => [weight, new Map()])) as unknown as Readonly<
      Record<Weight, Map<number, Glyph | null>>
    >;
  }

  /** null: no font has it. */
  of(codePoint: number, weight: Weight): Glyph | null {
    const known = this.#known[weight].get(codePoint);
    if (known !== undefined) return known;
    const glyph = this.#find(codePoint, weight);
    this.#known[weight].set(codePoint, glyph);
    return glyph;
  }

  #find(codePoint: number, weight: Weight): Glyph | null {
    for (const file of FONT_FILES[weight]) {
      const { embedded, font } = this.#opened(file);
      if (!embedded.font.hasGlyphForCodePoint(codePoint)) continue;
      const [[code = '0000'], [position]] = embedded.encode(String.fromCodePoint(codePoint));
      return { font, code, width: (position?.advanceWidth ?? 0) / UNITS };
    }
    return null;
  }

  #opened(file: FontFile): OpenFont {
    const open = this.#open.get(file.name) ?? this.#openFile(file);
    this.#open.set(file.name, open);
    return open;
  }

  #openFile({ name, bytes }: FontFile): OpenFont {
    this.#document.registerFont(name, bytes()).font(name);
    const embedded = (this.#document as unknown as { readonly _font: EmbeddedFont })._font;
    return { embedded, font: { id: embedded.id, reference: () => embedded.ref() } };
  }
}
