/** Folds A-Z to a-z and nothing else: "ignore case" never makes two different letters of another script one. */
export function foldAsciiCase(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

/** Case folded, and every run of separators (`. _ - / space`) one `-`, never nothing: `v1.8.10` is no look-alike of `v1.81.0`. */
export function foldSeparators(text: string): string {
  return foldAsciiCase(text).replace(/[._\-/ ]+/g, '-');
}

/** Orders texts by code unit, the same on every machine and in every locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
