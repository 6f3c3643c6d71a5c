export interface CachedToken {
  readonly token: string;
  /** Milliseconds since the epoch after which it is not used for a new request. */
  readonly freshUntil: number;
}

/** Whose token for what. Two targets with different credentials differ in it, so that neither ever gets the other's token. */
export interface TokenKey {
  readonly registry: string;
  readonly realm: string;
  readonly service: string;
  /** The digest of the credential; empty when anonymous. */
  readonly credential: string;
  readonly scope: string;
}

const MOST = 10_000;

/** Tokens of one process, in memory only; the oldest go first. */
export class TokenCache {
  private readonly tokens = new Map<string, CachedToken>();

  constructor(private readonly now: () => number) {}

  get(key: TokenKey): string | null {
    const known = this.tokens.get(textOf(key));
    return known !== undefined && this.now() < known.freshUntil ? known.token : null;
  }

  put(key: TokenKey, cached: CachedToken): void {
    const text = textOf(key);
    this.tokens.delete(text);
    this.tokens.set(text, cached);
    const oldest = this.tokens.keys().next();
    if (this.tokens.size > MOST && oldest.done !== true) this.tokens.delete(oldest.value);
  }

  /** Forgets that very token, not one that has come since. */
  drop(key: TokenKey, token: string): void {
    const text = textOf(key);
    if (this.tokens.get(text)?.token === token) this.tokens.delete(text);
  }
}

const caches = new WeakMap<() => number, TokenCache>();

/** Connectors that share a clock share the cache: those of one process, or those of one test. */
export function sharedTokens(now: () => number): TokenCache {
  const known = caches.get(now);
  if (known !== undefined) return known;
  const cache = new TokenCache(now);
  caches.set(now, cache);
  return cache;
}

function textOf({ registry, realm, service, credential, scope }: TokenKey): string {
  return JSON.stringify([registry, realm, service, credential, scope]);
}
