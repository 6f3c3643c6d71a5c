import { createHmac } from 'node:crypto';

export interface SignedContent {
  readonly id: string;
  /** Of the attempt: receivers refuse what is old. */
  readonly at: Date;
  readonly body: string;
}

/**
 * The three headers of Standard Webhooks; one signature for each key.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signatureHeaders(
  { id, at, body }: SignedContent,
  keys: readonly Uint8Array[],
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = keys.map(
    (key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
