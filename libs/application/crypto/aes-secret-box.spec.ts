import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AesSecretBox } from './aes-secret-box.js';

const box = new AesSecretBox(randomBytes(32));
const secrets = fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true });

describe('AesSecretBox', () => {
  it('opens what it sealed, for the row it was sealed for', () => {
    fc.assert(
      fc.property(secrets, fc.uuid(), (secret, row) => {
        expect(box.open(box.seal(secret, row), row)).toEqual(secret);
      }),
    );
  });

  it('refuses an envelope that was moved to another row', () => {
    const sealed = box.seal({ token: 'canary-7f3a' }, 'row-a');

    expect(() => box.open(sealed, 'row-b')).toThrow(expect.objectContaining({ code: 'CREDENTIAL_INVALID' }));
  });

  it('refuses an envelope with any bit flipped', () => {
    const sealed = box.seal({ token: 'canary-7f3a' }, 'row');
    const bytes = Buffer.from(sealed.slice('v1.'.length), 'base64url');

    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => box.open(`v1.${changed.toString('base64url')}`, 'row')).toThrow(/TAGWARD_SECRET_KEY/);
      }),
    );
  });

  it('refuses another key, another format and rubbish, with one and the same sentence', () => {
    const sealed = new AesSecretBox(randomBytes(32)).seal({ token: 'x' }, 'row');

    for (const envelope of [sealed, sealed.replace('v1', 'v9'), '', 'v1.', 'v1.AAAA', 'rubbish']) {
      expect(() => box.open(envelope, 'row')).toThrow(/cannot be opened/);
    }
  });

  it('never seals the same secret to the same envelope', () => {
    const envelopes = new Set(Array.from({ length: 1_000 }, () => box.seal({ token: 'x' }, 'row')));

    expect(envelopes.size).toBe(1_000);
  });
});
