import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { signatureHeaders } from './sign.js';

const key = fc.uint8Array({ minLength: 24, maxLength: 64 });
const body = fc.jsonValue().map((value) => JSON.stringify(value));
const reference = (bytes: Uint8Array) => new Webhook(`whsec_${Buffer.from(bytes).toString('base64')}`);

describe('A9: what we sign', () => {
  it('is what the reference implementation signs, and verifies there', () => {
    fc.assert(
      fc.property(key, fc.uuid(), body, (secret, id, text) => {
        const at = new Date();
        const headers = signatureHeaders({ id, at, body: text }, [secret]);
        expect(headers['webhook-signature']).toBe(reference(secret).sign(id, at, text));
        expect(reference(secret).verify(text, headers)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('verifies with either of two secrets, and with no other', () => {
    const [one, two, other] = [1, 2, 3].map((fill) => Buffer.alloc(32, fill)) as [Buffer, Buffer, Buffer];
    const headers = signatureHeaders({ id: 'm1', at: new Date(), body: '{}' }, [one, two]);
    for (const secret of [one, two]) expect(reference(secret).verify('{}', headers)).toEqual({});
    expect(() => reference(other).verify('{}', headers)).toThrow(/No matching signature/);
    expect(() => reference(one).verify('{ }', headers)).toThrow(/No matching signature/);
    expect(() => reference(one).verify('{}', { ...headers, 'webhook-id': 'm2' })).toThrow(/No matching/);
  });
});
