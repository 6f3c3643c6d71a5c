/** One challenge of `WWW-Authenticate` (RFC 9110, 11.6.1). */
export interface Challenge {
  /** Lower case. */
  readonly scheme: string;
  /** By lower-case name; of a name that comes twice, null: nobody can tell which is meant. */
  readonly params: ReadonlyMap<string, string | null>;
}

const LONGEST = 8_192;
const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const PARAMETER =
  /\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~0-9A-Za-z:/-]+))\s*/y;
const GAP = /[\s,]*/y;

/** Every challenge of a reply, or null when a header is none that can be read. */
export function parseChallenges(headers: readonly string[]): readonly Challenge[] | null {
  const challenges: Challenge[] = [];
  for (const header of headers) {
    if (header.length > LONGEST || !readHeader(header, challenges)) return null;
  }
  return challenges;
}

function readHeader(header: string, into: Challenge[]): boolean {
  let at = skip(GAP, header, 0);
  while (at < header.length) {
    TOKEN.lastIndex = at;
    const scheme = TOKEN.exec(header)?.[0];
    if (scheme === undefined) return false;
    const params = new Map<string, string | null>();
    const next = readParameters(header, at + scheme.length, params);
    if (next === null) return false;
    into.push({ scheme: scheme.toLowerCase(), params });
    at = next;
  }
  return true;
}

/** Up to where the next scheme starts; null when there is something else. */
function readParameters(header: string, from: number, params: Map<string, string | null>): number | null {
  let at = from;
  if (at < header.length && !/[\s,]/.test(header[at] ?? '')) return null;
  for (;;) {
    at = skip(GAP, header, at);
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(header);
    if (match === null) return at;
    const name = (match[1] ?? '').toLowerCase();
    const value = match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '';
    params.set(name, params.has(name) ? null : value);
    at += match[0].length;
    if (at < header.length && header[at] !== ',') return null;
  }
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}
