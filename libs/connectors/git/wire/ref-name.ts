/**
 * What https://git-scm.com/docs/git-check-ref-format refuses in a name below `refs/`: control characters, blank and `~^:?*[\`, two dots,
 * `@{`, empty parts, parts that start with a dot or end with `.lock`, a dot at the end.
 */
const REFUSED = /[\u0000- \u007f~^:?*[\\]|\.\.|@\{|\/\/|(?:^|\/)\.|\.lock(?:\/|$)|^\/|[/.]$|^$/;

/** May a tag be called so? `-d`, `HEAD`, `@` and `refs/heads/main` may. */
export function isTagName(name: string): boolean {
  return !REFUSED.test(name);
}
