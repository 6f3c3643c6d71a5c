import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { HygieneError, type CredentialSecret } from '#core';
import type { SecretBox } from '../ports/services.js';

const FORMAT = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM under one key, a fresh 96-bit nonce for each envelope (NIST SP 800-38D), the row's id as additional data:
 * an envelope opens only in the row it was sealed for. Form: `v1.<base64url(nonce + tag + ciphertext)>`.
 */
export class AesSecretBox implements SecretBox {
  /** @param key 32 bytes */
  constructor(private readonly key: Uint8Array) {
    if (key.byteLength !== 32) throw new HygieneError('INTERNAL', 'The secret key must have 32 bytes.');
  }

  seal(secret: CredentialSecret, boundTo: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(boundTo));
    const body = Buffer.concat([cipher.update(JSON.stringify(secret), 'utf8'), cipher.final()]);
    return `${FORMAT}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
  }

  open(sealed: string, boundTo: string): CredentialSecret {
    const [format, body] = sealed.split('.');
    const bytes = Buffer.from(body ?? '', 'base64url');
    if (format !== FORMAT || bytes.length <= NONCE_BYTES + TAG_BYTES) throw unreadable();
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, NONCE_BYTES))
        .setAAD(Buffer.from(boundTo))
        .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const plain =
        decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      return JSON.parse(plain) as CredentialSecret;
    } catch (cause) {
      throw unreadable(cause);
    }
  }
}

function unreadable(cause?: unknown): HygieneError {
  return new HygieneError(
    'CREDENTIAL_INVALID',
    'A stored credential cannot be opened: it was sealed with another TAGWARD_SECRET_KEY, or its row was changed. Start with the right key, or store the secret again.',
    { cause },
  );
}
