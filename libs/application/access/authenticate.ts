import { timingSafeEqual } from 'node:crypto';
import { HygieneError } from '#core';
import type { IdentityVerifier } from '../ports/identity.js';
import type { Clock } from '../ports/services.js';
import type { ApiTokenStore } from '../ports/stores.js';
import { SCOPES, type ClaimRule, type Viewer } from '../records/access.js';
import { hashApiToken } from './api-token.js';
import { grantOf } from './grant-of.js';

/** A JWT in its compact form, signed or not; an API token has no dot. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** The last use is noted so often at most: not with every request. */
const TOUCH_EVERY_MS = 60_000;

/** Whose tokens are taken beside our own, and what they are granted. */
export interface TrustedIdentity {
  readonly verifier: IdentityVerifier;
  readonly claimRules: readonly ClaimRule[];
}

/** Turns a bearer token into a viewer. Nothing is kept between two calls: a token that was revoked is refused by every process at once. */
export class Authenticate {
  private readonly bootstrapHash: string | null;

  /**
   * @param bootstrapToken the operator's token with every scope; null: none
   * @param identity null: our own tokens alone
   */
  constructor(
    private readonly tokens: Pick<ApiTokenStore, 'findByHash' | 'touch'>,
    private readonly clock: Clock,
    bootstrapToken: string | null,
    private readonly identity: TrustedIdentity | null = null,
  ) {
    this.bootstrapHash = bootstrapToken === null ? null : hashApiToken(bootstrapToken);
  }

  /**
   * @throws HygieneError TOKEN_MISSING, TOKEN_UNKNOWN (never existed, or revoked), TOKEN_EXPIRED; of an identity provider's token also SCOPE_MISSING
   * when no rule gives it anything, and DEPENDENCY_DOWN when nobody can say
   */
  async execute(token: string | null): Promise<Viewer> {
    if (token === null || token === '') {
      throw new HygieneError('TOKEN_MISSING', 'Send a token: `Authorization: Bearer twd_…`.');
    }
    const hash = hashApiToken(token);
    if (this.bootstrapHash !== null && timingSafeEqual(Buffer.from(hash), Buffer.from(this.bootstrapHash))) {
      return { subject: 'bootstrap', source: 'BOOTSTRAP', scopes: SCOPES, targetIds: null };
    }
    if (this.identity !== null && JWT.test(token)) return fromIdentity(this.identity, token);
    return this.fromStore(hash);
  }

  private async fromStore(hash: string): Promise<Viewer> {
    const record = await this.tokens.findByHash(hash);
    if (record === null) throw new HygieneError('TOKEN_UNKNOWN', 'The token is not known, or was revoked.');
    const now = this.clock.now();
    if (record.expiresAt !== null && record.expiresAt <= now) {
      throw new HygieneError(
        'TOKEN_EXPIRED',
        `The token expired at ${record.expiresAt.toISOString()}; make a new one.`,
      );
    }
    const sinceUse = now.getTime() - (record.lastUsedAt?.getTime() ?? -Infinity);
    if (sinceUse >= TOUCH_EVERY_MS) await this.tokens.touch(record.id, now);
    return {
      subject: `token:${record.name}`,
      source: 'TOKEN',
      scopes: record.scopes,
      targetIds: record.targetIds,
    };
  }
}

async function fromIdentity({ verifier, claimRules }: TrustedIdentity, token: string): Promise<Viewer> {
  const { subject, claims } = await verifier.verify(token);
  const grant = grantOf(claims, claimRules);
  if (grant === null) {
    throw new HygieneError(
      'SCOPE_MISSING',
      'The token is good, but no rule of TAGWARD_OIDC_CLAIM_MAP grants its claims anything.',
    );
  }
  return { subject: `oidc:${subject}`, source: 'OIDC', scopes: grant.scopes, targetIds: grant.targetIds };
}
