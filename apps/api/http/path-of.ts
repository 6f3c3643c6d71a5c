/** The path of a request target, without its query: queries are neither logged nor told back. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}
