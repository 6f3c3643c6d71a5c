import { HygieneError } from '#core';
import { redactSecrets, type HttpReply, type Attempts } from '#connector-kit';
import { badReply, statusFault, type Place } from '../errors.js';
import { parseChallenges, type Challenge } from './challenge.js';
import { readRealm } from './realm-rule.js';
import type { RegistryCredential } from './registry-credential.js';
import type { TokenService, TokenSource } from './token-service.js';

/** What a request shows the registry. */
export interface Pass {
  readonly kind: 'none' | 'basic' | 'static' | 'token';
  readonly headers: Readonly<Record<string, string>>;
  readonly token: string | null;
  readonly scope: string;
}

export interface PassRequest {
  readonly scope: string;
  readonly attempts: Attempts;
  readonly signal: AbortSignal;
}

/** `unasked`: no credential is shown before the registry has said how it wants it. */
type Scheme =
  { readonly type: 'unasked' } | { readonly type: 'basic' } | ({ readonly type: 'bearer' } & TokenSource);

const NONE = { kind: 'none', headers: {}, token: null } as const;

/** Shows one registry what it asks for, and shows nobody else anything. */
export class Authorizer {
  private scheme: Scheme = { type: 'unasked' };

  constructor(
    private readonly registry: URL,
    private readonly credential: RegistryCredential | null,
    private readonly tokens: TokenService,
  ) {}

  get asked(): boolean {
    return this.scheme.type !== 'unasked';
  }

  async pass({ scope, attempts, signal }: PassRequest): Promise<Pass> {
    const { credential, scheme } = this;
    if (credential?.kind === 'BEARER')
      return { kind: 'static', headers: { authorization: credential.header }, token: null, scope };
    if (scheme.type === 'bearer') {
      const token = await this.tokens.token({ ...scheme, scope, attempts, signal });
      return { kind: 'token', headers: { authorization: `Bearer ${token}` }, token, scope };
    }
    if (scheme.type === 'basic' && credential !== null)
      return { kind: 'basic', headers: { authorization: credential.header }, token: null, scope };
    return { ...NONE, scope };
  }

  /**
   * Learns from a 401 how to ask again. Throws when asking again is no use: the credential is wrong or missing, the token was fresh
   * (`again`), or the challenge is one that nothing is answered to.
   */
  learn(pass: Pass, reply: HttpReply, place: Place, again: boolean): void {
    if (pass.kind === 'static' || pass.kind === 'basic') throw statusFault(401, place);
    const challenge = this.challengeOf(reply, place);
    if (challenge.scheme === 'basic') {
      if (this.credential === null) throw credentialMissing(place);
      this.scheme = { type: 'basic' };
      return;
    }
    const source = this.sourceOf(challenge, place);
    if (pass.token !== null) {
      this.tokens.drop({ ...source, scope: pass.scope }, pass.token);
      if (again) throw tokenRefused(place, this.credential !== null);
    }
    this.scheme = { type: 'bearer', ...source };
  }

  private sourceOf({ params }: Challenge, place: Place): TokenSource {
    const [realm, service] = [params.get('realm'), params.get('service')];
    if (realm === undefined || realm === '') throw challengeRefused(place, 'names no token service (realm)');
    if (realm === null || service === null) throw challengeRefused(place, 'names its token service twice');
    const read = readRealm(realm, this.registry);
    if ('realm' in read) return { realm: read.realm, service: service ?? null };
    // The name of the other host is the registry's text, which may hold anything that it was sent.
    const fault = redactSecrets(read.fault, this.credential?.secrets ?? []);
    throw challengeRefused(
      place,
      `sends to a token service that ${fault}; no credential is shown there and no token fetched. It has to be at the registry's own host and port or, on https, under the same domain. Else give the target a BEARER credential`,
    );
  }

  private challengeOf(reply: HttpReply, place: Place): Challenge {
    const challenges = parseChallenges(reply.headers('www-authenticate'));
    if (challenges === null) throw badReply(place, 'with a challenge that cannot be read');
    const usable = challenges.filter(({ scheme }) => scheme === 'basic' || scheme === 'bearer');
    const [challenge] = usable;
    if (challenge !== undefined && usable.length === 1) return challenge;
    throw challengeRefused(
      place,
      usable.length === 0 ? 'asks for neither Basic nor Bearer' : 'asks for two things at once',
    );
  }
}

function challengeRefused({ what, origin }: Place, how: string): HygieneError {
  return new HygieneError(
    'REMOTE_AUTH_FAILED',
    `Asked for ${what}, ${origin} ${how}. Check the registry's authentication settings (WWW-Authenticate).`,
  );
}

function credentialMissing({ what, origin }: Place): HygieneError {
  return new HygieneError(
    'REMOTE_AUTH_FAILED',
    `${origin} wants a user name and a password for ${what}. Give the target a BASIC credential.`,
  );
}

function tokenRefused({ what, origin }: Place, withCredential: boolean): HygieneError {
  const mend = withCredential
    ? 'Give the credential the right to pull there, or check the spelling.'
    : 'Give the target a credential that may pull there, or check the spelling.';
  return new HygieneError(
    'REMOTE_FORBIDDEN',
    `${origin} refuses the token that its own token service gave for ${what}. ${mend}`,
    { details: { status: 401 } },
  );
}
