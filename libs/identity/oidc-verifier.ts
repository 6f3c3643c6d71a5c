import type { IdentityVerifier, VerifiedToken } from '#application';
import { HygieneError } from '#core';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { IssuerKeys } from './issuer-keys.js';

/** Signatures by public keys alone: what checks a token must not be able to make one. https://www.rfc-editor.org/rfc/rfc8725#section-3.1 */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
/** An access token (RFC 9068), or one that says no more than that it is a JWT; not a logout token, not a proof of something. */
const TYPES = /^(application\/)?(jwt|at\+jwt)$/i;
const CLOCKS_DIFFER_S = 30;
const OLDEST_S = 24 * 60 * 60;
/** https://openid.net/specs/openid-connect-core-1_0.html#IDToken has 255 ASCII characters at most. */
const subject = z.string().regex(/^[\x20-\x7e]{1,255}$/);

interface Options {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: Pick<IssuerKeys, 'keyFor'>;
  /** Milliseconds. */
  readonly now: () => number;
}

/**
 * Checks JWTs as https://www.rfc-editor.org/rfc/rfc9068#section-4 asks: the signature by a key of the issuer, `iss` and `aud` letter by letter, `exp`
 * and `nbf` with half a minute for clocks that differ. `iat` and `exp` must be there: nothing older than a day is taken, whatever `exp` says.
 */
export class OidcVerifier implements IdentityVerifier {
  constructor(private readonly options: Options) {}

  async verify(token: string): Promise<VerifiedToken> {
    const { issuer, audience, keys, now } = this.options;
    try {
      this.refuseForeign(token);
      const { payload } = await jwtVerify(token, (header, jws) => keys.keyFor(header, jws), {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp', 'iat', 'sub'],
        clockTolerance: CLOCKS_DIFFER_S,
        maxTokenAge: OLDEST_S,
        currentDate: new Date(now()),
      });
      const sub = subject.safeParse(payload.sub);
      if (!sub.success) throw refused('its sub is not 1 to 255 printable ASCII characters');
      return { subject: sub.data, claims: payload };
    } catch (error) {
      throw translate(error);
    }
  }

  /** Before keys are asked for: whatever is not even said to be the issuer's costs nothing. */
  private refuseForeign(token: string): void {
    const { alg, typ } = decodeProtectedHeader(token);
    if (alg === undefined || !ALGORITHMS.includes(alg))
      throw refused('its algorithm is not one that is taken here');
    if (typ !== undefined && !TYPES.test(typ)) throw refused('its typ is neither JWT nor at+jwt');
    if (decodeJwt(token).iss !== this.options.issuer)
      throw refused('its iss is not the issuer that is taken here');
  }
}

function translate(error: unknown): unknown {
  if (error instanceof HygieneError) return error;
  if (error instanceof errors.JWTExpired) return expired(error.claim);
  if (error instanceof errors.JWTClaimValidationFailed)
    return refused(`its ${error.claim} is missing or not what is taken here`);
  if (error instanceof errors.JWSSignatureVerificationFailed) return refused('its signature does not fit');
  if (error instanceof errors.JWKSNoMatchingKey) return refused('its issuer has no such key');
  if (error instanceof errors.JWKSMultipleMatchingKeys) return refused('it does not name its key (kid)');
  return error instanceof errors.JOSEError || error instanceof TypeError
    ? refused('it is not well formed')
    : error;
}

function refused(why: string): HygieneError {
  return new HygieneError('TOKEN_UNKNOWN', `The token of an identity provider is refused: ${why}.`);
}

function expired(claim: string): HygieneError {
  const why = claim === 'exp' ? 'The token expired' : 'The token was issued more than a day ago';
  return new HygieneError('TOKEN_EXPIRED', `${why}; get a new one of the identity provider.`);
}
