/** Characters that nobody sees: control, formatting, private, unassigned ones, lone surrogates, and blanks but for a space. */
const INVISIBLE = /(?! )[\p{C}\p{Zl}\p{Zp}\p{Zs}\u115f\u1160\u3164\uffa0\u{1d159}\p{Variation_Selector}]/u;
const LINE_BREAK = /\r\n?|\n/;
const PRINTABLE_ASCII = /^[ -~]*$/;

/** Whether a character has a shape that can be seen, if a font has it. */
export function isVisible(character: string): boolean {
  return !INVISIBLE.test(character);
}

/** `U+202E`. */
export function codePointName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The lines that a text itself has; a tab is a space. */
export function ownLines(text: string): readonly string[] {
  return PRINTABLE_ASCII.test(text) ? [text] : text.replaceAll('\t', ' ').split(LINE_BREAK);
}
