/** Where `rel="next"` leads (RFC 8288, 3), as it is written; null when no link of the headers has that relation. */
export function nextLink(headers: readonly string[]): string | null {
  for (const header of headers)
    for (const [, target = '', params = ''] of header.matchAll(LINK))
      if (relationsOf(params).includes('next')) return target.trim();
  return null;
}

/** A header speaks of a next page, and nothing in it can be read as where that is: not the end of the list. */
export function isNextUnreadable(headers: readonly string[]): boolean {
  return (
    nextLink(headers) === null && headers.some((header) => /\brel\s*=[^,;]{0,200}\bnext\b/i.test(header))
  );
}

const LINK =
  /<([^<>]{0,8192})>((?:\s*;\s*[\w!#$&+.^`|~*-]+\s*(?:=\s*(?:"[^"]{0,8192}"|[^\s",;<>]{0,8192}))?)*)/g;

function relationsOf(params: string): readonly string[] {
  const match = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i.exec(params);
  return (match?.[1] ?? match?.[2] ?? '').toLowerCase().split(/\s+/);
}
