import { shortened } from '../policy/document/document.js';
import { visibleText } from '../policy/document/visible-text.js';

/** A key, name or value for a sentence: quoted, cut at 80 characters, and what is unseen (controls, marks that turn text) written out. */
export function quote(written: string): string {
  return visibleText(JSON.stringify(written.length > 80 ? shortened(written, 79) : written));
}

/** `a`, `a and b`, `a, b and c`; at most `most` are named. */
export function listWords(words: readonly string[], most = 5): string {
  const shown = words.slice(0, most);
  if (words.length > most) return `${shown.join(', ')} and ${words.length - most} more`;
  const last = shown.pop();
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} and ${last ?? ''}`;
}
