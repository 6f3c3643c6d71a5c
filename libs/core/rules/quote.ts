/** A key, name or value for a sentence: quoted, control characters escaped, cut at 80 characters. */
export function quote(written: string): string {
  return JSON.stringify(written.length > 80 ? `${written.slice(0, 79)}…` : written);
}

/** `a`, `a and b`, `a, b and c`; at most `most` are named. */
export function listWords(words: readonly string[], most = 5): string {
  const shown = words.slice(0, most);
  if (words.length > most) return `${shown.join(', ')} and ${words.length - most} more`;
  const last = shown.pop();
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} and ${last ?? ''}`;
}
