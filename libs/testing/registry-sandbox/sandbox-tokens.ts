import { randomBytes } from 'node:crypto';
import { parseScope, sameAccess, type Access } from './access.js';
import { json, type Answer } from './answer.js';
import { basicCredentials } from './basic-credentials.js';
import { OciError } from './oci-error.js';
import type { ReceivedRequest } from './received-request.js';

export interface TokenAuth {
  readonly kind: 'token';
  /** Where tokens are given: by the sandbox itself (`/token`), or at an address of the test's. */
  readonly realm?: 'own' | (string & {});
  readonly service?: string;
  /** Passwords by user; each may do everything. */
  readonly users: Readonly<Record<string, string>>;
  /** Who does not say who they are gets tokens that pull. */
  readonly anonymousPull?: boolean;
  /** How long a token holds; five minutes when left out. */
  readonly tokenSeconds?: number;
}

/** What the token server was asked. */
export interface TokenRecord {
  /** null: anonymous. */
  readonly account: string | null;
  readonly service: string | null;
  readonly scopes: readonly string[];
  readonly isGiven: boolean;
}

interface Given {
  readonly access: readonly Access[];
  readonly expiresAt: number;
}

const MINUTES_5 = 300;
export const SERVICE = 'registry-sandbox';

/** Opaque tokens, each good for its scopes until it expires. https://distribution.github.io/distribution/spec/auth/token/ */
export class SandboxTokens {
  private readonly given = new Map<string, Given>();
  private records: TokenRecord[] = [];

  constructor(
    private readonly auth: TokenAuth,
    private readonly now: () => number,
  ) {}

  get asked(): readonly TokenRecord[] {
    return this.records;
  }

  /** GET /token */
  answer({ query, headers }: ReceivedRequest): Answer {
    const who = basicCredentials(headers.authorization);
    const isKnown = who !== null && this.auth.users[who.username] === who.password;
    const mayAsk = isKnown || (headers.authorization === undefined && this.auth.anonymousPull === true);
    const scopes = query.getAll('scope').flatMap((scope) => scope.split(' '));
    const account = who?.username ?? null;
    this.records.push({ account, service: query.get('service'), scopes, isGiven: mayAsk });
    if (!mayAsk)
      throw new OciError(401, 'UNAUTHORIZED', {
        message: 'incorrect username or password',
        headers: { 'www-authenticate': `Basic realm="${SERVICE}"` },
      });
    const wanted = scopes.flatMap(parseScope);
    return this.give(isKnown ? wanted : wanted.filter(({ action }) => action === 'pull'));
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

  private give(access: readonly Access[]): Answer {
    const seconds = this.auth.tokenSeconds ?? MINUTES_5;
    const token = [24, 90, 48].map((bytes) => randomBytes(bytes).toString('base64url')).join('.');
    const now = this.now();
    this.given.set(token, { access, expiresAt: now + seconds * 1_000 });
    return json({
      token,
      access_token: token,
      expires_in: seconds,
      issued_at: new Date(now).toISOString(),
    });
  }
}
