import type { CredentialKind } from '#core';

/** A credential as anybody may see it: the secret is not part of the type. */
export interface CredentialRecord {
  readonly id: string;
  readonly name: string;
  readonly kind: CredentialKind;
  readonly createdAt: Date;
  readonly rotatedAt: Date | null;
  readonly lastUsedAt: Date | null;
}
