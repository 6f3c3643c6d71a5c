import { createHmac, randomBytes } from 'node:crypto';
import { HygieneError, type CredentialKind, type CredentialSecret } from '#core';

/** A credential as the registry's HTTP takes it. */
export type RegistryCredential = {
  readonly header: string;
  /** Tells credentials apart without being one. */
  readonly digest: string;
  /** Values that no message may show. */
  readonly secrets: readonly string[];
} & ({ readonly kind: 'BASIC'; readonly user: string } | { readonly kind: 'BEARER' });

/** Digests of credentials are good in this process only. */
const SALT = randomBytes(32);
/** RFC 6750, 2.1: what may stand after `Bearer`. */
const TOKEN = /^[\w.~+/-]+=*$/;

/** Reads a BASIC or BEARER credential. @throws HygieneError CREDENTIAL_INVALID, which names fields and shows no value */
export function parseCredential(secret: {
  readonly kind: CredentialKind;
  readonly values: CredentialSecret;
}): RegistryCredential {
  const { kind, values } = secret;
  if (kind === 'BASIC') {
    const { username = '', password = '' } = values;
    // RFC 7617, 2: a colon would end the user name; control characters end the header.
    if (
      username === '' ||
      username.includes(':') ||
      hasControls(username) ||
      password === '' ||
      hasControls(password)
    )
      throw unusable('BASIC', 'username must be there and has no colon; password must be there');
    const header = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
    return { kind, user: username, header, digest: digestOf(header), secrets: [password] };
  }
  if (kind === 'BEARER') {
    const { token = '' } = values;
    if (!TOKEN.test(token)) throw unusable('BEARER', 'token has letters, digits and -._~+/ only');
    return { kind, header: `Bearer ${token}`, digest: digestOf(token), secrets: [token] };
  }
  throw new HygieneError(
    'CREDENTIAL_INVALID',
    `A registry takes a credential of kind BASIC or BEARER, not ${kind}. Store one, or none to read anonymously.`,
  );
}

function digestOf(text: string): string {
  return createHmac('sha256', SALT).update(text).digest('hex');
}

function hasControls(text: string): boolean {
  return [...text].some((char) => char < ' ' || char === '\u007f');
}

function unusable(kind: string, rule: string): HygieneError {
  return new HygieneError('CREDENTIAL_INVALID', `The ${kind} credential is not usable: ${rule}.`);
}
