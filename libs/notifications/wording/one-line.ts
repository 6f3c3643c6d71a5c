/** Ends of lines, other control characters, and what changes the direction of writing: none of it belongs in a line of a message. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** Foreign text as one line of at most `most` characters. */
export function oneLine(text: string, most = 300): string {
  const line = text.replace(UNSEEN, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`.toWellFormed();
}
