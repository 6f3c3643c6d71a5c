/** A token that its issuer signed for us and that is good now. */
export interface VerifiedToken {
  /** `sub`: who it stands for, unique at the issuer. */
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Checks the tokens of one identity provider. */
export interface IdentityVerifier {
  /**
   * @param token a JWT in its compact form
   * @throws HygieneError TOKEN_UNKNOWN, TOKEN_EXPIRED; DEPENDENCY_DOWN when the provider's keys are needed and cannot be had
   */
  verify(token: string): Promise<VerifiedToken>;
}
