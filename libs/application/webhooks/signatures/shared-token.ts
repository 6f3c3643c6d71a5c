import type { DeliveryHeaders } from '../delivery-request.js';
import { equalTexts } from './equal-bytes.js';

/** A header of our own, for senders that keep `Authorization` for something else. */
export const TOKEN_HEADER = 'x-tagward-token';

/**
 * The secret itself, in one header: `Authorization` (bare or after `Bearer`) or `X-Tagward-Token`. For senders that sign nothing;
 * it proves who sent as long as TLS keeps it from others.
 */
export function hasSharedToken(headers: DeliveryHeaders, secrets: readonly string[]): boolean {
  const bare = headers[TOKEN_HEADER] ?? [];
  const authorization = (headers['authorization'] ?? []).map((value) => value.replace(/^Bearer +/i, ''));
  return isToken([...bare, ...authorization], secrets);
}

/** One token was given, and it is one of the secrets. Every secret is compared, whichever is right. */
export function isToken(given: readonly string[], secrets: readonly string[]): boolean {
  const [token, ...more] = given;
  if (token === undefined || more.length > 0) return false;
  return secrets.map((secret) => equalTexts(token, secret)).includes(true);
}
