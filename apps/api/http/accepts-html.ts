/** Is it a browser that asks for a page? A wildcard alone is not: API clients send it. */
export function acceptsHtml(accept: string | undefined): boolean {
  return /\btext\/html\b/i.test(accept ?? '');
}
