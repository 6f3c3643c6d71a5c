import { randomBytes } from 'node:crypto';
import { HygieneError } from '#core';
import type { WebhookKind } from '../records/webhook.js';
import { STANDARD_PREFIX, standardKey } from './signatures/standard-webhooks.js';

const SECRET_BYTES = 32;
const LEAST = 24;
const MOST = 64;
const FEWEST_CHARACTERS = 8;

/** As Standard Webhooks writes it: `whsec_` and base64. */
export const standardSecret = (): string =>
  `${STANDARD_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

/** 64 hexadecimal digits: fits into every form and header. */
export const randomSecret = (): string => randomBytes(SECRET_BYTES).toString('hex');

/**
 * A secret that somebody chose, when it may serve.
 * @throws HygieneError INPUT_INVALID that does not quote it
 */
export function checkSecret(kind: WebhookKind, secret: string): void {
  const isStandard = kind === 'GENERIC' || secret.startsWith(STANDARD_PREFIX);
  const fault = kind === 'SNS' ? SNS_FAULT : isStandard ? standardFault(secret) : plainFault(secret);
  if (fault === null) return;
  throw new HygieneError('INPUT_INVALID', `secret: ${fault}; or leave it out, and one is made.`, {
    faults: [{ path: 'secret', message: fault }],
  });
}

const SNS_FAULT = 'SNS signs with a key of AWS and shares no secret: expected none';

function standardFault(secret: string): string | null {
  const key = standardKey(secret);
  const form = `expected ${STANDARD_PREFIX} and the base64 of ${LEAST} to ${MOST} random bytes`;
  if (key === null || key.length < LEAST || key.length > MOST) return form;
  return new Set(key).size < FEWEST_CHARACTERS ? `${form}, not a pattern` : null;
}

/** Senders put it into headers and forms. */
function plainFault(secret: string): string | null {
  const form = `expected ${LEAST} to ${MOST} printable ASCII characters without a space at either end`;
  if (!/^[\x21-\x7e][\x20-\x7e]*[\x21-\x7e]$/.test(secret)) return form;
  if (secret.length < LEAST || secret.length > MOST) return form;
  return new Set(secret).size < FEWEST_CHARACTERS ? `${form}, random ones` : null;
}
