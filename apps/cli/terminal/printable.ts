/**
 * What a terminal would obey rather than show (control characters, ends of lines), and what hides or turns round other text: marks of
 * direction, characters without width.
 */
const OBEYED =
  /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]/gu;

/** A value as JSON that a terminal only shows; it reads back as the same value. */
export function printableJson(value: unknown): string {
  const lines = JSON.stringify(value, null, 2).split('\n');
  return lines.map(printable).join('\n');
}

/** Foreign text as one line that says what is in it and does nothing: ESC is `\u001b`. */
export function printable(text: string): string {
  return text.toWellFormed().replace(OBEYED, (character) => `\\u${code(character)}`);
}

const code = (character: string): string => (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
