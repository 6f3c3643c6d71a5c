import type { Weight } from './font-files.js';
import type { DocumentFont, Glyph, Glyphs } from './glyphs.js';
import { codePointName, isVisible, ownLines } from './visible-characters.js';

export interface TextStyle {
  readonly weight: Weight;
  /** Points. */
  readonly size: number;
}

/** Glyphs of one font that stand beside each other. */
export interface Run {
  readonly font: DocumentFont;
  readonly codes: string;
}

export interface TextLine {
  readonly runs: readonly Run[];
  /** Points. */
  readonly width: number;
}

const COUNT = new Intl.NumberFormat('en-GB');
/** After these a line may end. */
const BREAKS_AFTER = new Set([...' -/_.,:;=@&?|)]}~+'].map((character) => character.codePointAt(0) ?? 0));
/** Chinese, Japanese and Korean lines may end anywhere. */
const FIRST_CJK = 0x2e80;
/** A word is broken rather than leaving more of a line than this empty. */
const MOST_EMPTY = 0.6;

/** Characters of a text that are laid out; what lies beyond is cut anyway. */
const MOST_LOOKED_AT = 2_000;
const SPACE = 0x20;

interface Piece {
  readonly glyph: Glyph;
  readonly breaksAfter: boolean;
  readonly isSpace: boolean;
}

/** Lays texts out in lines. */
export class TextLines {
  readonly #none: TextLine = { runs: [], width: 0 };

  constructor(private readonly glyphs: Glyphs) {}

  /** One line, however long. */
  single(text: string, style: TextStyle): TextLine {
    return this.#line(this.#pieces(text, style), style);
  }

  /**
   * Lines of at most `width` points. What goes beyond `mostLines` is cut: the last line then ends with an ellipsis and the
   * length of the whole text.
   */
  wrapped(text: string, style: TextStyle, width: number, mostLines: number): readonly TextLine[] {
    const lines: (readonly Piece[])[] = [];
    for (const own of ownLines(text.length > MOST_LOOKED_AT ? text.slice(0, MOST_LOOKED_AT) : text)) {
      let pieces = this.#pieces(own, style);
      do {
        const end = lineEnd(pieces, width / style.size);
        if (lines.length === mostLines) {
          lines.push(this.#cut(lines.pop() ?? [], text, style, width));
          return lines.map((line) => this.#line(line, style));
        }
        lines.push(pieces.slice(0, end));
        pieces = pieces.slice(end);
      } while (pieces.length > 0);
    }
    return lines.map((line) => this.#line(line, style));
  }

  #cut(line: readonly Piece[], text: string, style: TextStyle, width: number): readonly Piece[] {
    const notice = this.#pieces(` … [${COUNT.format([...text].length)} characters]`, style);
    const room = width / style.size - widthOf(notice);
    const kept = [...line];
    while (kept.length > 0 && widthOf(kept) > room) kept.pop();
    return [...kept, ...notice];
  }

  #pieces(text: string, { weight }: TextStyle): readonly Piece[] {
    const pieces: Piece[] = [];
    let unseen: string[] = [];
    const nameUnseen = () => {
      if (unseen.length === 0) return;
      for (const character of `[${unseen.join(' ')}]`)
        pieces.push(this.#piece(character.codePointAt(0) ?? 0, weight));
      unseen = [];
    };
    for (const character of text) {
      const codePoint = character.codePointAt(0) ?? 0;
      const glyph =
        (codePoint >= 0x20 && codePoint < 0x7f) || isVisible(character)
          ? this.glyphs.of(codePoint, weight)
          : null;
      if (glyph === null) {
        unseen.push(codePointName(codePoint));
        continue;
      }
      nameUnseen();
      pieces.push(pieceOf(glyph, codePoint));
    }
    nameUnseen();
    return pieces;
  }

  #piece(codePoint: number, weight: Weight): Piece {
    const glyph = this.glyphs.of(codePoint, weight);
    if (glyph === null) throw new Error(`The fonts lack ${codePointName(codePoint)}.`);
    return pieceOf(glyph, codePoint);
  }

  #line(pieces: readonly Piece[], { size }: TextStyle): TextLine {
    const [first] = pieces;
    if (first === undefined) return this.#none;
    const runs: Run[] = [];
    let { font } = first.glyph;
    let codes = '';
    let width = 0;
    for (const { glyph } of pieces) {
      if (glyph.font !== font) {
        runs.push({ font, codes });
        font = glyph.font;
        codes = '';
      }
      codes += glyph.code;
      width += glyph.width;
    }
    runs.push({ font, codes });
    return { runs, width: width * size };
  }
}

function pieceOf(glyph: Glyph, codePoint: number): Piece {
  return {
    glyph,
    breaksAfter: BREAKS_AFTER.has(codePoint) || codePoint >= FIRST_CJK,
    isSpace: codePoint === SPACE,
  };
}

function widthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { glyph }) => sum + glyph.width, 0);
}

/** How many pieces fit into `width`, up to the last place where a line may end; one at least. */
function lineEnd(pieces: readonly Piece[], width: number): number {
  let used = 0;
  let end = 0;
  let usedAtEnd = 0;
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index];
    if (piece === undefined) break;
    used += piece.glyph.width;
    if (used > width && piece.isSpace) return index + 1;
    if (used > width && index > 0) return end > 0 && usedAtEnd > width * (1 - MOST_EMPTY) ? end : index;
    if (piece.breaksAfter) {
      end = index + 1;
      usedAtEnd = used;
    }
  }
  return pieces.length;
}
