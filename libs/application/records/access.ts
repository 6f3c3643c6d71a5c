export const SCOPES = ['READ', 'SCAN', 'REMEDIATE', 'ADMIN'] as const;
export type Scope = (typeof SCOPES)[number];

export const AUTH_SOURCES = ['TOKEN', 'OIDC', 'BOOTSTRAP'] as const;
export type AuthSource = (typeof AUTH_SOURCES)[number];

/** Who asks. Made by the door from a verified token; use cases trust it. */
export interface Viewer {
  /** `token:<name>`, `oidc:<sub>` or `bootstrap`: the actor of audit events. */
  readonly subject: string;
  readonly source: AuthSource;
  /** As granted: ADMIN implies all, SCAN and REMEDIATE imply READ. */
  readonly scopes: readonly Scope[];
  /** Only these targets exist for the viewer; null: all. */
  readonly targetIds: readonly string[] | null;
}

/** What an identity provider's tokens are granted: the claims that must hold, and what they give. */
export interface ClaimRule {
  /** Every claim has the value, or is a list with it. */
  readonly when: Readonly<Record<string, string | number | boolean>>;
  readonly scopes: readonly Scope[];
  /** Only these targets; null: all. */
  readonly targetIds: readonly string[] | null;
}

export interface ApiTokenRecord {
  readonly id: string;
  readonly name: string;
  /** The first characters of the token, to recognise it by. */
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  readonly targetIds: readonly string[] | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}
