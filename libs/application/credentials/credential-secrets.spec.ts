import { CREDENTIAL_KINDS, HygieneError } from '#core';
import { describe, expect, it } from 'vitest';
import { parseSecret } from './credential-secrets.js';

const CANARY = 'canary+secret/9c1e';

describe('parseSecret', () => {
  it('takes the fields of the kind', () => {
    const secret = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' };

    expect(parseSecret('AWS_ACCESS_KEY', secret)).toEqual(secret);
  });

  it.each(CREDENTIAL_KINDS)('names what is wrong with a %s, and never a value', (kind) => {
    for (const wrong of [{ surprise: CANARY }, { token: [CANARY] }, { username: CANARY }, null, CANARY]) {
      let error: unknown;
      try {
        parseSecret(kind, wrong);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(HygieneError);
      expect(error).toMatchObject({ code: 'CREDENTIAL_INVALID' });
      expect(JSON.stringify(error, ['message', 'faults', 'path', 'details'])).not.toContain(CANARY);
    }
  });
});
