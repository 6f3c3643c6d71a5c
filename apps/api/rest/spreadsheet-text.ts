/**
 * Text that a spreadsheet will not run: a quote goes before whatever opens a formula, at the start of the cell and of each line
 * in it, behind white space and in full width, too. https://owasp.org/www-community/attacks/CSV_Injection
 */
export function spreadsheetText(value: string): string {
  return value.replace(/(^|[\r\n])([\s\u00a0]*[=+\-@\t\r＝＋－＠])/g, "$1'$2");
}
