import { GuardedHttp, OutboundGuard, type HttpLimits } from '#connector-kit';
import { HygieneError } from '#core';
import { createLocalJWKSet, type LocalJWKSet } from 'jose';
import { z } from 'zod';

const LIMITS: HttpLimits = { headersMs: 4_000, idleMs: 4_000, totalMs: 5_000, maxBytes: 256 * 1024 };

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
const metadata = z.object({ issuer: z.string(), jwks_uri: z.string() });
/** https://www.rfc-editor.org/rfc/rfc7517#section-5 */
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

/** Reads the public keys of an issuer as its discovery document says where they are. */
export class IssuerDocument {
  private readonly http: GuardedHttp;

  /**
   * @param issuer reached whatever its address is, as the operator named it; its keys elsewhere only where the guard allows
   * @param allow what targets may reach in private ranges
   */
  constructor(
    private readonly issuer: string,
    allow: readonly string[],
  ) {
    const guard = new OutboundGuard({ allow: [...allow, placeOf(new URL(issuer))], allowLocal: false });
    this.http = new GuardedHttp(guard, { connections: 2, connectMs: 3_000 });
  }

  /** @throws HygieneError of the connection; REMOTE_REPLY_INVALID when the issuer calls itself otherwise, or its keys cannot be read */
  async keys(): Promise<LocalJWKSet> {
    const address = `${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const found = metadata.safeParse(await this.get(new URL(address), 'its configuration'));
    if (!found.success) throw this.invalid('configuration has no issuer or jwks_uri');
    const { issuer, jwks_uri: place } = found.data;
    // https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
    if (issuer !== this.issuer)
      throw this.invalid(`configuration is that of ${JSON.stringify(issuer.slice(0, 300))}`);
    const url = URL.parse(place);
    if (url === null || (url.protocol !== 'https:' && this.issuer.startsWith('https:')))
      throw this.invalid('jwks_uri does not begin with https://');
    const keys = keySet.safeParse(await this.get(url, 'its keys'));
    if (!keys.success) throw this.invalid('keys are no key set');
    try {
      return createLocalJWKSet(keys.data);
    } catch (cause) {
      throw this.invalid('keys are no key set', cause);
    }
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async get(url: URL, what: string): Promise<unknown> {
    const { signal } = new AbortController();
    const headers = { accept: 'application/json' };
    const reply = await this.http.send({
      method: 'GET',
      url,
      what,
      headers,
      limits: LIMITS,
      maxRedirects: 0,
      signal,
    });
    if (reply.status !== 200) {
      await reply.discard();
      throw this.invalid(`answer to GET ${url.pathname} is ${reply.status}`);
    }
    try {
      return JSON.parse(await reply.text());
    } catch (cause) {
      throw cause instanceof HygieneError
        ? cause
        : this.invalid(`answer to GET ${url.pathname} is no JSON`, cause);
    }
  }

  private invalid(what: string, cause?: unknown): HygieneError {
    return new HygieneError(
      'REMOTE_REPLY_INVALID',
      `The identity provider ${this.issuer} cannot be used: its ${what}. Check TAGWARD_OIDC_ISSUER.`,
      { cause },
    );
  }
}

function placeOf({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
}
