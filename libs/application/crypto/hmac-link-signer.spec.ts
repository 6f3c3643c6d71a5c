import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HmacLinkSigner } from './hmac-link-signer.js';

const key = randomBytes(32);
const signer = new HmacLinkSigner(key);

describe('HmacLinkSigner', () => {
  it('takes what it signed, and nothing else for it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const signature = signer.sign(text);
        expect(signature).toMatch(/^[\w-]{43}$/);
        expect(signer.verify(text, signature)).toBe(true);
        expect(signer.verify(other, signature)).toBe(other === text);
        expect(signer.verify(text, other)).toBe(false);
      }),
    );
  });

  it('takes one spelling of a signature only', () => {
    const signature = signer.sign('text');
    for (const spelling of [`${signature}=`, `${signature} `, signature.slice(0, -1), '', `${signature}A`])
      expect(signer.verify('text', spelling)).toBe(false);
  });

  it('takes nothing that another key signed, nor the key itself', () => {
    expect(new HmacLinkSigner(randomBytes(32)).verify('text', signer.sign('text'))).toBe(false);
    expect(new HmacLinkSigner(key).verify('text', signer.sign('text'))).toBe(true);
  });
});
