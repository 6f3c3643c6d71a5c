import type { Place } from './document.js';

/** Characters that YAML has in no document, quoted or not (YAML 1.2.2, 5.1 and nb-json): most control characters, halves of a pair. */
const FORBIDDEN = /(?![\t\n\r\u007f-\u009f])[\p{Cc}\p{Cs}\ufffe\uffff]/u;

/** Marks that make text read other than it is, or hide in it; a byte order mark at the start of a document is none. */
const DECEPTIVE = /[\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u;

/** The first character that no document may have: where it is, and its name. */
export const forbiddenIn = (text: string): Found | null => firstOf(FORBIDDEN, text);

/** The first character that deceives readers. */
export const deceptiveIn = (text: string): Found | null => firstOf(DECEPTIVE, text);

export interface Found {
  readonly offset: number;
  /** `U+202E`. */
  readonly name: string;
}

function firstOf(pattern: RegExp, text: string): Found | null {
  const offset = text.search(pattern);
  if (offset === -1) return null;
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  return { offset, name: `U+${code}` };
}

/** The place of an offset, where nobody has counted the lines yet. */
export function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let at = before.indexOf('\n'); at !== -1; at = before.indexOf('\n', at + 1)) line += 1;
  return { line, column: before.length - start + 1 };
}
