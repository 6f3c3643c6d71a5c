import { createHash, randomBytes } from 'node:crypto';

const PREFIX_LENGTH = 12;

/** A new bearer token: `twd_` and 256 random bits, base64url. */
export function newApiToken(): string {
  return `twd_${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a token: SHA-256, hex. The token has 256 bits of its own, so a slow hash would add nothing. */
export function hashApiToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The part of a token by which people recognise it. */
export function apiTokenPrefix(token: string): string {
  return token.slice(0, PREFIX_LENGTH);
}
