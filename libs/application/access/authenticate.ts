import { timingSafeEqual } from 'node:crypto';
import { HygieneError } from '#core';
import type { Clock } from '../ports/services.js';
import type { ApiTokenStore } from '../ports/stores.js';
import { SCOPES, type Viewer } from '../records/access.js';
import { hashApiToken } from './api-token.js';

/** Turns a bearer token into a viewer. */
export class Authenticate {
  private readonly bootstrapHash: string | null;

  /** @param bootstrapToken the operator's token with every scope; null: none */
  constructor(
    private readonly tokens: ApiTokenStore,
    private readonly clock: Clock,
    bootstrapToken: string | null,
  ) {
    this.bootstrapHash = bootstrapToken === null ? null : hashApiToken(bootstrapToken);
  }

  /** @throws HygieneError TOKEN_MISSING, TOKEN_UNKNOWN (never existed, or revoked), TOKEN_EXPIRED */
  async execute(token: string | null): Promise<Viewer> {
    if (token === null || token === '') {
      throw new HygieneError('TOKEN_MISSING', 'Send a token: `Authorization: Bearer twd_…`.');
    }
    const hash = hashApiToken(token);
    if (this.bootstrapHash !== null && timingSafeEqual(Buffer.from(hash), Buffer.from(this.bootstrapHash))) {
      return { subject: 'bootstrap', source: 'BOOTSTRAP', scopes: SCOPES, targetIds: null };
    }
    const record = await this.tokens.findByHash(hash);
    if (record === null) throw new HygieneError('TOKEN_UNKNOWN', 'The token is not known, or was revoked.');
    const now = this.clock.now();
    if (record.expiresAt !== null && record.expiresAt <= now) {
      throw new HygieneError(
        'TOKEN_EXPIRED',
        `The token expired at ${record.expiresAt.toISOString()}; make a new one.`,
      );
    }
    await this.tokens.touch(record.id, now);
    return {
      subject: `token:${record.name}`,
      source: 'TOKEN',
      scopes: record.scopes,
      targetIds: record.targetIds,
    };
  }
}
