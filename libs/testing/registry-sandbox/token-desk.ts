import { parseScope, type Access } from './access.js';
import { json, type Answer } from './answer.js';
import { basicCredentials } from './basic-credentials.js';
import { OciError } from './oci-error.js';
import type { ReceivedRequest } from './received-request.js';

export interface TokenUsers {
  /** Passwords by user; each may do everything. */
  readonly users: Readonly<Record<string, string>>;
  /** Who does not say who they are gets tokens that pull. */
  readonly anonymousPull?: boolean;
}

/** What the token server was asked. */
export interface TokenRecord {
  /** null: anonymous. */
  readonly account: string | null;
  readonly service: string | null;
  readonly scopes: readonly string[];
  readonly isGiven: boolean;
}

export interface MintedToken {
  readonly token: string;
  readonly seconds: number;
  readonly issuedAt: number;
}

/** Makes a token for what was granted to somebody. */
export type Mint = (access: readonly Access[], account: string | null) => MintedToken;

/** Who may have which token. https://distribution.github.io/distribution/spec/auth/token/ */
export class TokenDesk {
  private readonly records: TokenRecord[] = [];

  constructor(
    private readonly who: TokenUsers,
    private readonly realm: string,
    private readonly mint: Mint,
  ) {}

  get asked(): readonly TokenRecord[] {
    return this.records;
  }

  /** GET /token. Throws a 401 for who is not known. */
  answer({ query, headers }: Pick<ReceivedRequest, 'query' | 'headers'>): Answer {
    const given = basicCredentials(headers.authorization);
    const isKnown = given !== null && this.who.users[given.username] === given.password;
    const mayAsk = isKnown || (headers.authorization === undefined && this.who.anonymousPull === true);
    const scopes = query.getAll('scope').flatMap((scope) => scope.split(' '));
    const account = given?.username ?? null;
    this.records.push({ account, service: query.get('service'), scopes, isGiven: mayAsk });
    if (!mayAsk)
      throw new OciError(401, 'UNAUTHORIZED', {
        message: 'incorrect username or password',
        headers: { 'www-authenticate': `Basic realm="${this.realm}"` },
      });
    const wanted = scopes.flatMap(parseScope);
    return this.give(isKnown ? wanted : wanted.filter(({ action }) => action === 'pull'), account);
  }

  private give(access: readonly Access[], account: string | null): Answer {
    const { token, seconds, issuedAt } = this.mint(access, account);
    const issued_at = new Date(issuedAt).toISOString();
    return json({ token, access_token: token, expires_in: seconds, issued_at });
  }
}
