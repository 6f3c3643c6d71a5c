import { createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HygieneError } from '#core';
import { startIdentityProvider, type IdentityProvider } from '#testing';
import { openIdentity } from './open-identity.js';

const AUDIENCE = 'tagward';
const CONFIGURATION = '/.well-known/openid-configuration';
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

describe('tokens of an identity provider', () => {
  let provider: IdentityProvider;
  let identity: ReturnType<typeof openIdentity>;
  let now: number;
  const open = (issuer = provider.issuer) =>
    openIdentity({ issuer, audience: AUDIENCE, outboundAllow: [], logger: quiet, now: () => now });
  beforeEach(async () => {
    provider = await startIdentityProvider();
    now = Date.now();
    identity = open();
  });
  afterEach(async () => {
    await identity.close();
    await provider.stop();
  });

  const later = (seconds: number): void => void (now += seconds * 1_000);
  const codeOf = (token: string, by = identity) =>
    by.verify(token).then(
      ({ subject }) => subject,
      (error: unknown) => (error instanceof HygieneError ? error.code : String(error)),
    );
  const seconds = () => Math.floor(now / 1_000);
  const good = (): JWTPayload => ({
    ...{ iss: provider.issuer, aud: AUDIENCE, sub: 'alice' },
    ...{ iat: seconds(), exp: seconds() + 600 },
  });
  /** As the provider would sign it, but for what is changed. */
  async function forged(claims: JWTPayload, header: Record<string, unknown> = {}): Promise<string> {
    const key = await importJWK(provider.key('first'), 'RS256');
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'first', ...header }).sign(key);
  }
  const without = (name: string) =>
    Object.fromEntries(Object.entries(good()).filter(([claim]) => claim !== name));

  it('say who they stand for, and what else their issuer says', async () => {
    const verified = await identity.verify(await provider.token({ groups: ['platform'] }));
    expect(verified).toMatchObject({ subject: 'alice', claims: { groups: ['platform'] } });
    expect(await codeOf(await forged(good(), { typ: 'at+jwt' }))).toBe('alice');
    expect(await codeOf(await forged({ ...good(), aud: ['other', AUDIENCE] }))).toBe('alice');
  });

  it.each(['ES256', 'PS256', 'EdDSA'])('are taken with a signature by %s', async (algorithm) => {
    await provider.addKey('other', algorithm);
    expect(await codeOf(await provider.token({}, 'other'))).toBe('alice');
  });

  describe('forged', () => {
    it('Q12: a token signed with none is refused', async () => {
      const unsigned = new UnsecuredJWT(good()).encode();
      expect(await codeOf(unsigned)).toBe('TOKEN_UNKNOWN');
      const [, body, signature] = (await provider.token()).split('.');
      for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
        const header = Buffer.from(JSON.stringify({ alg, kid: 'first' })).toString('base64url');
        expect(await codeOf(`${header}.${body}.`), alg).toBe('TOKEN_UNKNOWN');
        expect(await codeOf(`${header}.${body}.${signature}`), alg).toBe('TOKEN_UNKNOWN');
      }
      expect(provider.asked()).toBe(0);
    });

    it('Q12: a token signed by HMAC with the public key as its secret is refused', async () => {
      const { n = '', e = '' } = provider.key('first');
      const publicKey = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
      const secrets = [
        await exportSPKI(publicKey),
        publicKey.export({ type: 'spki', format: 'der' }),
        JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] }),
        n,
      ];
      for (const alg of ['HS256', 'HS384', 'HS512']) {
        for (const secret of secrets) {
          const key = Buffer.from(secret);
          const token = await new SignJWT(good()).setProtectedHeader({ alg, kid: 'first' }).sign(key);
          expect(await codeOf(token)).toBe('TOKEN_UNKNOWN');
        }
      }
    });

    it('Q12: a token by a key of its own is refused wherever its header says that the key is', async () => {
      const asked: string[] = [];
      const trap = createServer((request, response) => {
        asked.push(request.url ?? '');
        response.end(JSON.stringify({ keys: [] }));
      }).listen(0, '127.0.0.1');
      const other = await startIdentityProvider();
      const jwk = other.key('first');
      const key = await importJWK(jwk, 'RS256');
      const url = `http://127.0.0.1:${(trap.address() as { port: number }).port}/keys`;
      const { n = '', e = '' } = jwk;
      const headers: Record<string, unknown>[] = [
        ...[{ jku: url }, { x5u: url }, { jwk: { kty: 'RSA', n, e } }, { x5c: ['MIIB'] }, {}],
        ...['../../first', '/dev/null', `${url}#first`, "' or 1=1 --", '', 'first'].map((kid) => ({ kid })),
      ];
      for (const header of headers) {
        const token = await new SignJWT(good()).setProtectedHeader({ alg: 'RS256', ...header }).sign(key);
        expect(await codeOf(token), JSON.stringify(header)).toBe('TOKEN_UNKNOWN');
      }
      expect(asked).toEqual([]);
      expect(await codeOf(await forged(good(), { jku: url }))).toBe('alice');
      expect(asked).toEqual([]);
      trap.close();
      await other.stop();
    });

    it('Q12: a token whose signature, claims or header were changed is refused', async () => {
      const [header, , signature] = (await provider.token({ groups: ['none'] })).split('.');
      const payload = Buffer.from(JSON.stringify({ ...good(), groups: ['admins'] })).toString('base64url');
      expect(await codeOf(`${header}.${payload}.${signature}`)).toBe('TOKEN_UNKNOWN');
      expect(await codeOf(`${(await provider.token()).slice(0, -6)}AAAAAA`)).toBe('TOKEN_UNKNOWN');
    });

    it('Q12: a header that asks for what is not understood is refused', async () => {
      expect(await codeOf(await forged(good(), { typ: 'logout+jwt' }))).toBe('TOKEN_UNKNOWN');
      expect(await codeOf(await forged(good(), { typ: 'dpop+jwt' }))).toBe('TOKEN_UNKNOWN');
      const [, body] = (await provider.token()).split('.');
      const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: 'first', crit: ['exp'], exp: 1 }));
      expect(await codeOf(`${header.toString('base64url')}.${body}.AAAA`)).toBe('TOKEN_UNKNOWN');
    });

    it.each(['a.b.c', 'e30.e30.', '..', `${'A'.repeat(8_000)}.A.A`, 'bnVsbA.bnVsbA.bnVsbA', 'W10.W10.W10'])(
      'Q12: what only looks like a token is refused: %s',
      async (token) => {
        expect(await codeOf(token)).toBe('TOKEN_UNKNOWN');
        expect(provider.asked()).toBe(0);
      },
    );
  });

  describe('not for us, or not now', () => {
    it('Q12: a token for another audience is refused', async () => {
      for (const aud of ['other', 'TAGWARD', `${AUDIENCE}/`, ['other'], [], '', [`${AUDIENCE}x`]])
        expect(await codeOf(await forged({ ...good(), aud })), JSON.stringify(aud)).toBe('TOKEN_UNKNOWN');
      expect(await codeOf(await forged(without('aud')))).toBe('TOKEN_UNKNOWN');
    });

    it('Q12: a token of another issuer is refused, however alike, and costs no request', async () => {
      for (const iss of [`${provider.issuer}/`, provider.issuer.toUpperCase(), 'https://example.com', ''])
        expect(await codeOf(await forged({ ...good(), iss })), iss).toBe('TOKEN_UNKNOWN');
      expect(await codeOf(await forged(without('iss')))).toBe('TOKEN_UNKNOWN');
      expect(provider.asked()).toBe(0);
    });

    it('Q12: an expired token is refused, half a minute of difference between clocks aside', async () => {
      const token = await forged({ ...good(), exp: seconds() + 60 });
      later(89);
      expect(await codeOf(token)).toBe('alice');
      later(2);
      expect(await codeOf(token)).toBe('TOKEN_EXPIRED');
    });

    it('Q12: a token that is not good yet is refused', async () => {
      expect(await codeOf(await forged({ ...good(), nbf: seconds() + 29 }))).toBe('alice');
      expect(await codeOf(await forged({ ...good(), nbf: seconds() + 31 }))).toBe('TOKEN_UNKNOWN');
      expect(await codeOf(await forged({ ...good(), iat: seconds() + 31 }))).toBe('TOKEN_UNKNOWN');
    });

    it.each(['exp', 'iat', 'sub'])('Q12: a token without %s is refused', async (claim) => {
      expect(await codeOf(await forged(without(claim)))).toBe('TOKEN_UNKNOWN');
    });

    it.each([
      { exp: '9999999999' },
      { iat: 'now' },
      { sub: '' },
      { sub: 'a\u0000b' },
      { sub: 'x'.repeat(256) },
      { sub: 7 },
    ])('Q12: a token with %j is refused', async (odd) => {
      expect(await codeOf(await forged({ ...good(), ...odd } as JWTPayload))).toBe('TOKEN_UNKNOWN');
    });

    it('Q12: a token that expired in a year which no calendar has is refused', async () => {
      expect(await codeOf(await forged({ ...good(), exp: -1e20 }))).toBe('TOKEN_EXPIRED');
    });

    it('Q12: a token of more than a day is refused, whenever it says that it expires', async () => {
      const token = await forged({ ...good(), exp: seconds() + 10 * 365 * 86_400 });
      expect(await codeOf(token)).toBe('alice');
      later(86_400 + 31);
      expect(await codeOf(token)).toBe('TOKEN_EXPIRED');
    });
  });

  describe('and its keys', () => {
    it('are read once for many tokens at once, and then no more for ten minutes', async () => {
      const token = await provider.token();
      expect(await Promise.all(Array.from({ length: 20 }, () => codeOf(token)))).toEqual(
        Array.from({ length: 20 }, () => 'alice'),
      );
      later(599);
      await codeOf(token);
      expect(provider.asked()).toBe(1);
      later(2);
      await codeOf(token);
      expect(provider.asked()).toBe(2);
    });

    it('are read again for a key that is unknown, but not for everybody who makes one up', async () => {
      await codeOf(await provider.token());
      await provider.addKey('second');
      const token = await provider.token({}, 'second');
      expect(await codeOf(token)).toBe('TOKEN_UNKNOWN');
      later(31);
      expect(await codeOf(token)).toBe('alice');
      expect(provider.asked()).toBe(2);
      for (let n = 0; n < 50; n++) await codeOf(await forged(good(), { kid: `made-up-${n}` }));
      expect(provider.asked()).toBe(2);
    });

    it('stop counting once the issuer has taken them back', async () => {
      const token = await provider.token();
      expect(await codeOf(token)).toBe('alice');
      const { port } = provider;
      await provider.stop();
      provider = await startIdentityProvider({ port, kid: 'replacement' });
      later(601);
      expect(await codeOf(token)).toBe('TOKEN_UNKNOWN');
      expect(await codeOf(await provider.token({}, 'replacement'))).toBe('alice');
    });

    it('go on working for a day when the issuer is down, and unknown ones are nobody then', async () => {
      await codeOf(await provider.token());
      const { port } = provider;
      await provider.stop();
      later(601);
      expect(await codeOf(await forged(good()))).toBe('alice');
      expect(await codeOf(await forged(good(), { kid: 'unknown' }))).toBe('DEPENDENCY_DOWN');
      later(85_700);
      expect(await codeOf(await forged(good()))).toBe('alice');
      later(100);
      expect(await codeOf(await forged(good()))).toBe('DEPENDENCY_DOWN');
      provider = await startIdentityProvider({ port });
    });

    it('are waited for by nobody while the issuer is down, and found again soon after', async () => {
      const { port } = provider;
      const token = await provider.token();
      await provider.stop();
      expect(await codeOf(token)).toBe('DEPENDENCY_DOWN');
      provider = await startIdentityProvider({ port });
      expect(await codeOf(await provider.token())).toBe('DEPENDENCY_DOWN');
      expect(provider.asked()).toBe(0);
      later(6);
      expect(await codeOf(await provider.token())).toBe('alice');
    });

    it.each([
      ['of another issuer', 200, { issuer: 'https://example.com', jwks_uri: 'https://example.com/keys' }],
      ['with keys on a private host', 200, { jwks_uri: 'http://127.0.0.2:9/keys' }],
      ['with keys in a file', 200, { jwks_uri: 'file:///etc/passwd' }],
      ['with keys at a metadata service', 200, { jwks_uri: 'http://169.254.169.254/keys' }],
      ['without keys', 200, {}],
      ['that is a fault', 500, {}],
      ['that leads elsewhere', 302, {}],
    ])('are not read by a configuration %s', async (_words, status, body) => {
      const token = await provider.token();
      const server = createServer((request, response) => {
        if (request.url !== CONFIGURATION) return response.writeHead(404).end();
        return response
          .writeHead(status, {
            'content-type': 'application/json',
            location: `${provider.issuer}${CONFIGURATION}`,
          })
          .end(JSON.stringify({ issuer: provider.issuer, ...body }));
      });
      const { port } = provider;
      await provider.stop();
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      expect(await codeOf(token)).toBe('DEPENDENCY_DOWN');
      await new Promise((resolve) => server.close(resolve));
      provider = await startIdentityProvider({ port });
    });
  });
});
