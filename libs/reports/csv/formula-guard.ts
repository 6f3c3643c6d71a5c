/**
 * What a spreadsheet may take for a formula: `=`, `+`, `-`, `@` and their full-width and small forms, at the start or behind
 * what it skips there (spaces of any kind, control and invisible characters), and a leading TAB, CR or LF by itself.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[\s\p{Z}\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]/u;
const SKIPPED = /^[\t\r\n]/;
const PREFIX = "'";

/**
 * Puts `'` before a text that a spreadsheet could run, so that it shows it instead. Every line counts: an importer that
 * ignores quotes takes each for a row. A text that begins with `'` gets one more, so that taking one leading `'` away
 * always gives back what was there.
 */
export function guardFormula(text: string): string {
  const isDangerous = text.startsWith(PREFIX) || SKIPPED.test(text) || text.split(/[\r\n]/).some(isFormula);
  return isDangerous ? PREFIX + text : text;
}

function isFormula(line: string): boolean {
  return FORMULA.test(line);
}
