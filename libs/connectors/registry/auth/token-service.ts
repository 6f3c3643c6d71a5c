import { HygieneError } from '#core';
import { orCancelled, type HttpReply, type Attempts } from '#connector-kit';
import { badReply, statusFault, type Place } from '../errors.js';
import { SMALL_LIMITS } from '../client/limits.js';
import type { PacedHttp } from '../client/paced-http.js';
import { parseSmallJson } from '../client/small-json.js';
import type { RegistryCredential } from './registry-credential.js';
import { sharedTokens, type CachedToken, type TokenCache, type TokenKey } from './token-cache.js';

/** Where tokens come from, and what the service calls the registry. */
export interface TokenSource {
  readonly realm: URL;
  readonly service: string | null;
}

export interface TokenRequest extends TokenSource {
  /** `repository:library/app:pull`; empty for a token that only says who we are. */
  readonly scope: string;
  readonly attempts: Attempts;
  readonly signal: AbortSignal;
}

export interface TokenServiceOptions {
  readonly registry: URL;
  readonly http: PacedHttp;
  readonly credential: RegistryCredential | null;
  readonly now: () => number;
}

/** https://distribution.github.io/distribution/spec/auth/token/: a token without `expires_in` is good for 60 seconds. */
const USUAL_LIFE_S = 60;
const LONGEST_LIFE_S = 86_400;
/** A token is given up this long before its end, or at four fifths of a short life. */
const MARGIN_MS = 30_000;
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

/** Fetches tokens, each once at a time, and keeps them until shortly before they expire. */
export class TokenService {
  private readonly cache: TokenCache;
  private readonly underWay = new Map<string, Promise<string>>();
  private readonly life = new AbortController();

  constructor(private readonly options: TokenServiceOptions) {
    this.cache = sharedTokens(options.now);
  }

  async token(request: TokenRequest): Promise<string> {
    const key = this.keyOf(request);
    const known = this.cache.get(key);
    if (known !== null) return known;
    const id = JSON.stringify(key);
    const joined = this.underWay.get(id) ?? this.fetch(request, key).finally(() => this.underWay.delete(id));
    this.underWay.set(id, joined);
    return orCancelled(joined, request.signal);
  }

  drop(request: Omit<TokenRequest, 'attempts' | 'signal'>, token: string): void {
    this.cache.drop(this.keyOf(request), token);
  }

  close(): void {
    this.life.abort();
  }

  /** Lives as long as the connector: a caller that gives up leaves it to the others that wait. */
  private async fetch({ realm, service, scope, attempts }: TokenRequest, key: TokenKey): Promise<string> {
    const url = new URL(realm);
    if (service !== null) url.searchParams.set('service', service);
    if (scope !== '') url.searchParams.set('scope', scope);
    const { credential, http } = this.options;
    const what = scope === '' ? 'a token' : `a token for ${scope}`;
    const cached = await http.exchange({
      request: {
        ...{ method: 'GET', url, what, limits: SMALL_LIMITS, signal: this.life.signal, maxRedirects: 0 },
        headers: { accept: 'application/json' },
        ...(credential === null ? {} : { credentials: { authorization: credential.header } }),
      },
      attempts,
      read: (reply) => this.read(reply, { what, origin: url.origin }),
    });
    this.cache.put(key, cached);
    return cached.token;
  }

  private async read(reply: HttpReply, place: Place): Promise<CachedToken> {
    if (reply.status !== 200) {
      await reply.discard();
      throw refusal(reply.status, place, this.options.credential !== null);
    }
    const body = parseSmallJson(await reply.bytes(), place);
    const { token, access_token: other, expires_in: seconds } = body;
    const given = token ?? other;
    if (typeof given !== 'string' || !TOKEN.test(given)) throw badReply(place, 'without a token in it');
    const life =
      typeof seconds === 'number' && seconds > 0 ? Math.min(seconds, LONGEST_LIFE_S) : USUAL_LIFE_S;
    const margin = Math.min(MARGIN_MS, life * 200);
    return { token: given, freshUntil: this.options.now() + life * 1_000 - margin };
  }

  private keyOf({ realm, service, scope }: TokenSource & { readonly scope: string }): TokenKey {
    const { registry, credential } = this.options;
    return {
      registry: registry.origin,
      realm: realm.href,
      service: service ?? '',
      credential: credential?.digest ?? '',
      scope,
    };
  }
}

/** A service may refuse an unknown repository to anyone; only to a credential does a 401 say that the credential is wrong. */
function refusal(status: number, place: Place, withCredential: boolean): HygieneError {
  if (status !== 401 || withCredential) return statusFault(status, place);
  return new HygieneError(
    'REMOTE_FORBIDDEN',
    `${place.origin} gives nobody without a credential ${place.what}. Give the target a credential that may pull.`,
    { details: { status } },
  );
}
