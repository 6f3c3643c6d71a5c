/** One word of a POSIX shell, whatever is in the text. `!` too: git-shell takes it for the start of an expansion (git's sq_quote). */
export function shellQuoted(text: string): string {
  return `'${text.replace(/['!]/g, (one) => `'\\${one}'`)}'`;
}
