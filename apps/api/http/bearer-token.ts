/** The token of `Authorization: Bearer …` (https://www.rfc-editor.org/rfc/rfc6750#section-2.1); null when there is none. */
export function bearerToken(authorization: string | undefined): string | null {
  const match = /^Bearer +([^\s]+) *$/i.exec(authorization ?? '');
  return match?.[1] ?? null;
}

/** For `WWW-Authenticate`, https://www.rfc-editor.org/rfc/rfc6750#section-3 */
export function bearerChallenge(reason: string): string {
  const realm = 'Bearer realm="tagward"';
  return reason === 'TOKEN_MISSING' ? realm : `${realm}, error="invalid_token"`;
}
