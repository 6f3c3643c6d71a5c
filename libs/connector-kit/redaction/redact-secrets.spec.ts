import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactSecrets } from './redact-secrets.js';

const secret = fc
  .string({ unit: 'grapheme', minLength: 8, maxLength: 40 })
  .filter((text) => text.length >= 8);

describe('redaction', () => {
  it('leaves no form of a secret in any text around it', () => {
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (hidden, before, after) => {
        const bytes = Buffer.from(hidden);
        const forms = [
          hidden,
          encodeURIComponent(hidden),
          bytes.toString('hex'),
          bytes.toString('hex').toUpperCase(),
          bytes.toString('base64'),
          bytes.toString('base64url'),
          JSON.stringify(hidden).slice(1, -1),
        ];
        for (const form of forms)
          expect(redactSecrets(`${before}${form}${after}`, [hidden])).not.toContain(form);
      }),
    );
  });

  it('finds it inside a longer base64 text, at any alignment', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (before, after) => {
        const whole = Buffer.from(`${before}correct-horse-battery${after}`).toString('base64');
        const left = redactSecrets(whole, ['correct-horse-battery']);
        expect(Buffer.from(left, 'base64').toString()).not.toContain('horse');
      }),
    );
  });

  it('leaves everything else as it is, and short words alone', () => {
    expect(redactSecrets('the key abc was refused', ['abc', 'hunter2hunter2'])).toBe(
      'the key abc was refused',
    );
    expect(redactSecrets('Bearer hunter2hunter2!', ['hunter2hunter2'])).toBe('Bearer [redacted]!');
  });
});
