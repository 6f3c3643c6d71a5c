/**
 * What a terminal or a page would not show as it is: control characters, the marks that turn or hide text (Unicode's bidirectional
 * and zero-width format characters, line and paragraph separators), and halves of a surrogate pair.
 */
const UNSEEN = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/gu;

/** The text with everything unseen written as `\u202e`, so that a message shows what it speaks of. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
