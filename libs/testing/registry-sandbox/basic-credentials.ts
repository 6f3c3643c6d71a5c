export interface BasicCredentials {
  readonly username: string;
  readonly password: string;
}

/** https://www.rfc-editor.org/rfc/rfc7617#section-2; null: none, or not to be read. */
export function basicCredentials(authorization: string | undefined): BasicCredentials | null {
  const [, encoded] = /^basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString();
  const at = text.indexOf(':');
  return at < 0 ? null : { username: text.slice(0, at), password: text.slice(at + 1) };
}
