import { randomBytes } from 'node:crypto';
import { sameAccess, type Access } from './access.js';
import { TokenDesk, type MintedToken, type TokenUsers } from './token-desk.js';

export interface TokenAuth extends TokenUsers {
  readonly kind: 'token';
  /** Where tokens are given: by the sandbox itself (`/token`), or at an address of the test's. */
  readonly realm?: 'own' | (string & {});
  readonly service?: string;
  /** How long a token holds; five minutes when left out. */
  readonly tokenSeconds?: number;
}

interface Given {
  readonly access: readonly Access[];
  readonly expiresAt: number;
}

const MINUTES_5 = 300;
export const SERVICE = 'registry-sandbox';

/** Opaque tokens, each good for its scopes until it expires. */
export class SandboxTokens {
  readonly desk: TokenDesk;
  private readonly given = new Map<string, Given>();

  constructor(
    private readonly auth: TokenAuth,
    private readonly now: () => number,
  ) {
    this.desk = new TokenDesk(auth, SERVICE, (access) => this.mint(access));
  }

  /** null: not one of ours, or it expired. */
  accessOf(token: string): readonly Access[] | null {
    const given = this.given.get(token);
    return given === undefined || given.expiresAt <= this.now() ? null : given.access;
  }

  allows(token: string, needed: readonly Access[]): boolean {
    const access = this.accessOf(token);
    return access !== null && needed.every((one) => access.some((other) => sameAccess(one, other)));
  }

  /** From now on it is one that expired. */
  expire(token: string): void {
    this.given.delete(token);
  }

  private mint(access: readonly Access[]): MintedToken {
    const seconds = this.auth.tokenSeconds ?? MINUTES_5;
    const token = [24, 90, 48].map((bytes) => randomBytes(bytes).toString('base64url')).join('.');
    const issuedAt = this.now();
    this.given.set(token, { access, expiresAt: issuedAt + seconds * 1_000 });
    return { token, seconds, issuedAt };
  }
}
