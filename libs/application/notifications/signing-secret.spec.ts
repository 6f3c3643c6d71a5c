import { HygieneError } from '#core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signingKey } from './signing-secret.js';

describe('signingKey', () => {
  it('A9: reads whsec_ as base64, 24 to 64 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 80 }), (bytes) => {
        const text = `whsec_${Buffer.from(bytes).toString('base64')}`;
        if (bytes.length >= 24 && bytes.length <= 64)
          expect(Buffer.from(signingKey(text)).equals(bytes)).toBe(true);
        else expect(() => signingKey(text)).toThrow(HygieneError);
      }),
    );
  });

  it('takes any other text as the bytes that it is', () => {
    expect(Buffer.from(signingKey('a text of twenty-four by')).toString()).toBe('a text of twenty-four by');
    expect(() => signingKey('a text of twenty-three b')).not.toThrow();
    expect(() => signingKey('short')).toThrow(/24 to 64 bytes/);
    expect(() => signingKey('é'.repeat(33))).toThrow(/24 to 64 bytes/);
  });

  it.each(['whsec_', 'whsec_***', `whsec_${'A'.repeat(41)}`, `whsec_${'A'.repeat(40)} `])(
    'refuses %j, without a word of it',
    (secret) => {
      let message = '';
      try {
        signingKey(secret);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toMatch(/^secret: expected/);
      expect(message).not.toContain(secret.slice(6) || 'nothing');
    },
  );
});
