import { HygieneError } from '#core';
import { oneHeader, type DeliveryHeaders, type DeliveryRequest } from '../delivery-request.js';
import { equalBytes } from './equal-bytes.js';
import type { Hmac } from './hmac.js';

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const STANDARD_PREFIX = 'whsec_';
const TOLERANCE_S = 300;
const MOST_SIGNATURES = 10;
const MAC_BYTES = 32;
/** A dot would make `id.timestamp.body` ambiguous. */
const ID = /^[\x21-\x2d\x2f-\x7e]{1,255}$/;
const SECONDS = /^\d{9,11}$/;

/**
 * Refuses what no sender of this standard sends. Whoever is addressed, and before anything is looked up, so that it tells nothing.
 * @throws HygieneError INPUT_INVALID
 */
export function checkStandardHeaders(headers: DeliveryHeaders): void {
  const ids = headers['webhook-id'] ?? [];
  if (ids.some((id) => !ID.test(id)))
    throw malformed('webhook-id', 'at most 255 visible ASCII characters, no dot among them');
  const signatures = headers['webhook-signature'] ?? [];
  if (signatures.some((list) => list.split(' ').length > MOST_SIGNATURES))
    throw malformed('webhook-signature', `at most ${MOST_SIGNATURES} signatures`);
}

export function hasStandardSignature(headers: DeliveryHeaders): boolean {
  return headers['webhook-signature'] !== undefined;
}

/** Signed by one of the secrets, within five minutes of now. Signatures of other versions than `v1` (HMAC-SHA-256) are passed over. */
export function isStandardSigned(
  { headers, body }: DeliveryRequest,
  secrets: readonly string[],
  now: Date,
  hmac: Hmac,
): boolean {
  const [id, timestamp, list] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    oneHeader(headers, name),
  );
  if (!id || !timestamp || !list || !SECONDS.test(timestamp)) return false;
  if (Math.abs(Math.floor(now.getTime() / 1_000) - Number(timestamp)) > TOLERANCE_S) return false;
  const signatures = list.split(' ').flatMap(macOf);
  const expected = secrets.flatMap((secret) => {
    const key = standardKey(secret);
    return key === null ? [] : [hmac.sha256(key, `${id}.${timestamp}.`, body)];
  });
  return expected.some((mac) => signatures.some((signature) => equalBytes(mac, signature)));
}

/** The bytes of `whsec_` and base64; null when it is none. */
export function standardKey(secret: string): Buffer | null {
  if (!secret.startsWith(STANDARD_PREFIX)) return null;
  const text = secret.slice(STANDARD_PREFIX.length);
  const key = Buffer.from(text, 'base64');
  return key.length > 0 && key.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? key : null;
}

function macOf(signature: string): Buffer[] {
  const [version, text = '', ...more] = signature.split(',');
  if (version !== 'v1' || more.length > 0 || !/^[A-Za-z0-9+/]{43}=?$/.test(text)) return [];
  const mac = Buffer.from(text, 'base64');
  return mac.length === MAC_BYTES ? [mac] : [];
}

function malformed(name: string, expected: string): HygieneError {
  return new HygieneError('INPUT_INVALID', `The header ${name} is not well formed: expected ${expected}.`, {
    faults: [{ path: name, message: `expected ${expected}` }],
  });
}
