import type { ObjectFormat } from './object-format.js';

/** What a server says it can do, in either protocol. */
export interface ServerCapabilities {
  readonly protocol: 0 | 1 | 2;
  readonly objectFormat: ObjectFormat;
  /** It leaves objects out when asked to (`--filter`): what reading dates needs. */
  readonly filter: boolean;
  /** Words that a request of protocol 2 may use. */
  readonly words: ReadonlyMap<string, string>;
}

/** The lines of a capability advertisement of protocol 2. https://git-scm.com/docs/protocol-v2#_capability_advertisement */
export function capabilitiesOfV2(lines: readonly string[]): ServerCapabilities {
  const words = new Map(lines.map(keyAndValue));
  const fetch = (words.get('fetch') ?? '').split(' ');
  return { protocol: 2, objectFormat: formatOf(words), filter: fetch.includes('filter'), words };
}

/** The words after the first ref of protocol 0 or 1. https://git-scm.com/docs/protocol-capabilities */
export function capabilitiesOfV0(text: string, protocol: 0 | 1): ServerCapabilities {
  const words = new Map(text.split(' ').map(keyAndValue));
  return { protocol, objectFormat: formatOf(words), filter: words.has('filter'), words };
}

/** What `HEAD` is a name for, as protocol 0 says it: `symref=HEAD:refs/heads/main`. */
export function headOfV0(text: string): string | null {
  return /(?:^| )symref=HEAD:(\S+)/.exec(text)?.[1] ?? null;
}

function keyAndValue(word: string): [string, string] {
  const at = word.indexOf('=');
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
}

function formatOf(words: ReadonlyMap<string, string>): ObjectFormat {
  return words.get('object-format') === 'sha256' ? 'sha256' : 'sha1';
}
