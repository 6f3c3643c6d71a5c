import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { LinkSigner } from '../ports/services.js';

/** A key of its own, so that nothing that is signed here is of use where secrets are sealed: https://www.rfc-editor.org/rfc/rfc5869 */
const PURPOSE = 'tagward link signature 1';
const KEY_BYTES = 32;

/** HMAC-SHA256 with a key derived from the service's secret key: another key, and every link is void. */
export class HmacLinkSigner implements LinkSigner {
  private readonly key: Uint8Array;

  /** @param secretKey 32 bytes */
  constructor(secretKey: Uint8Array) {
    this.key = new Uint8Array(hkdfSync('sha256', secretKey, '', PURPOSE, KEY_BYTES));
  }

  sign(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('base64url');
  }

  /** Texts are compared, not what they decode to: one signature has one spelling. */
  verify(text: string, signature: string): boolean {
    const [expected, given] = [Buffer.from(this.sign(text)), Buffer.from(signature)];
    return expected.byteLength === given.byteLength && timingSafeEqual(expected, given);
  }
}
