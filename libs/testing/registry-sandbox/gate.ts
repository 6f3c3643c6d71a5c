import { scopeText, type Access } from './access.js';
import { basicCredentials } from './basic-credentials.js';
import { OciError } from './oci-error.js';
import { SERVICE, type SandboxTokens, type TokenAuth } from './sandbox-tokens.js';

export interface BasicAuth {
  readonly kind: 'basic';
  readonly username: string;
  readonly password: string;
}

export type RegistryAuth = BasicAuth | TokenAuth;

export interface Claim {
  readonly authorization: string | undefined;
  readonly needed: readonly Access[];
  readonly origin: string;
}

/** Lets a request in or throws the 401 that docker-registry answers. */
export class Gate {
  constructor(
    private readonly auth: RegistryAuth | undefined,
    private readonly tokens: SandboxTokens | null,
  ) {}

  check(claim: Claim): void {
    if (this.auth === undefined) return;
    if (this.auth.kind === 'basic') return this.checkBasic(this.auth, claim);
    const [, token] = /^bearer\s+(\S+)$/i.exec(claim.authorization ?? '') ?? [];
    if (token === undefined) throw this.refusal(claim, null);
    if ((this.tokens?.accessOf(token) ?? null) === null) throw this.refusal(claim, 'invalid_token');
    if (this.tokens?.allows(token, claim.needed) !== true) throw this.refusal(claim, 'insufficient_scope');
  }

  /** A token that was good is refused, and is good for nothing from now on. */
  expired(claim: Claim): OciError {
    const [, token = ''] = /^bearer\s+(\S+)$/i.exec(claim.authorization ?? '') ?? [];
    this.tokens?.expire(token);
    return this.refusal(claim, 'invalid_token');
  }

  /** A 401 with a challenge of the caller's making. */
  challenge(claim: Claim, header: string | readonly string[]): OciError {
    return new OciError(401, 'UNAUTHORIZED', {
      detail: detailOf(claim.needed),
      headers: { 'www-authenticate': header },
    });
  }

  /** Where this registry sends its clients for tokens. */
  realm(origin: string): string {
    const realm = this.auth?.kind === 'token' ? (this.auth.realm ?? 'own') : 'own';
    return realm === 'own' ? `${origin}/token` : realm;
  }

  get service(): string {
    return this.auth?.kind === 'token' ? (this.auth.service ?? SERVICE) : SERVICE;
  }

  private checkBasic({ username, password }: BasicAuth, claim: Claim): void {
    const given = basicCredentials(claim.authorization);
    if (given?.username !== username || given.password !== password)
      throw this.challenge(claim, `Basic realm="${SERVICE}"`);
  }

  private refusal(claim: Claim, error: 'invalid_token' | 'insufficient_scope' | null): OciError {
    const scope = scopeText(claim.needed);
    const parts = [`realm="${this.realm(claim.origin)}"`, `service="${this.service}"`];
    if (scope !== '') parts.push(`scope="${scope}"`);
    if (error !== null) parts.push(`error="${error}"`);
    return this.challenge(claim, `Bearer ${parts.join(',')}`);
  }
}

function detailOf(needed: readonly Access[]): unknown {
  if (needed.length === 0) return null;
  return needed.map(({ type, name, action }) => ({ Type: type, Class: '', Name: name, Action: action }));
}
