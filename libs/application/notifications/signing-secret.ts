import { HygieneError } from '#core';

const PREFIX = 'whsec_';
const LEAST_BYTES = 24;
const MOST_BYTES = 64;

/**
 * The key of a webhook's signatures: the bytes that `whsec_…` has in base64, or the text itself in UTF-8; 24 to 64 bytes.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 * @throws HygieneError INPUT_INVALID, without the secret
 */
export function signingKey(secret: string): Uint8Array {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : null;
  if (encoded !== null && !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(encoded))
    throw invalid(`expected base64 after ${PREFIX}`);
  const key = encoded === null ? Buffer.from(secret, 'utf8') : Buffer.from(encoded, 'base64');
  if (key.length < LEAST_BYTES || key.length > MOST_BYTES)
    throw invalid(`expected ${LEAST_BYTES} to ${MOST_BYTES} bytes`);
  return key;
}

export function invalidSecret(message: string): HygieneError {
  return new HygieneError('INPUT_INVALID', `secret: ${message}.`, { faults: [{ path: 'secret', message }] });
}

function invalid(what: string): HygieneError {
  return invalidSecret(`${what}; make one with: echo "${PREFIX}$(openssl rand -base64 32)"`);
}
