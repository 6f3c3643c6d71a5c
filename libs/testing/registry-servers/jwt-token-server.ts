import { createHash, randomUUID, sign, type KeyObject } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import {
  closeServer,
  listenOn,
  OciError,
  TokenDesk,
  type Access,
  type MintedToken,
  type TokenRecord,
  type TokenUsers,
} from '../registry-sandbox/index.js';
import { selfSigned } from './self-signed.js';

export interface JwtTokenServerOptions extends TokenUsers {
  /** How long a token holds; five minutes when left out. */
  readonly tokenSeconds?: number;
}

/** Gives tokens that a real registry takes, once it has been told of the certificate. */
export interface JwtTokenServer {
  /** `http://127.0.0.1:PORT/token` */
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** PEM, for `rootcertbundle`. */
  readonly certificate: string;
  readonly asked: readonly TokenRecord[];
  close(): Promise<void>;
}

const SERVICE = 'docker-registry';
const ISSUER = 'tagward tests';
const MINUTES_5 = 300;

export async function startJwtTokenServer(options: JwtTokenServerOptions): Promise<JwtTokenServer> {
  const { privateKey, publicKey, certificate } = selfSigned();
  const header = { typ: 'JWT', alg: 'RS256', kid: libtrustKeyId(publicKey) };
  const seconds = options.tokenSeconds ?? MINUTES_5;
  const mint = (access: readonly Access[], account: string | null): MintedToken => {
    const issuedAt = Date.now();
    const claims = claimsOf({ access, account, issuedAt, seconds });
    return { token: signedToken(header, claims, privateKey), seconds, issuedAt };
  };
  const desk = new TokenDesk(options, SERVICE, mint);
  const server = createServer(({ url = '/', headers }, response) => {
    const query = new URL(url, 'http://127.0.0.1').searchParams;
    answer(response, () => desk.answer({ query, headers }));
  });
  const port = await listenOn(server, 0);
  return {
    ...{ realm: `http://127.0.0.1:${port}/token`, service: SERVICE, issuer: ISSUER, certificate },
    get asked() {
      return desk.asked;
    },
    close: () => closeServer(server),
  };
}

/** Of what a registry trusts a token's key: https://github.com/docker/libtrust/blob/aabc10ec26b7/util.go (keyIDFromCryptoKey). */
function libtrustKeyId(publicKey: KeyObject): string {
  const hash = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
  return (base32(hash.subarray(0, 30)).match(/.{4}/g) ?? []).join(':');
}

interface ClaimParts {
  readonly access: readonly Access[];
  readonly account: string | null;
  readonly issuedAt: number;
  readonly seconds: number;
}

/** https://distribution.github.io/distribution/spec/auth/jwt/ */
function claimsOf({ access, account, issuedAt, seconds }: ClaimParts) {
  const at = Math.floor(issuedAt / 1_000);
  const byThing = Map.groupBy(access, ({ type, name }) => `${type} ${name}`);
  return {
    ...{ iss: ISSUER, sub: account ?? '', aud: SERVICE, jti: randomUUID() },
    ...{ iat: at, nbf: at - 10, exp: at + seconds },
    access: [...byThing.values()].map((all) => ({
      ...{ type: all[0]?.type, name: all[0]?.name },
      actions: all.map(({ action }) => action),
    })),
  };
}

function signedToken(header: object, claims: object, key: KeyObject): string {
  const encoded = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const unsigned = encoded.join('.');
  return `${unsigned}.${sign('sha256', Buffer.from(unsigned), key).toString('base64url')}`;
}

/** https://www.rfc-editor.org/rfc/rfc4648#section-6, of a multiple of five bytes. */
function base32(bytes: Buffer): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const binary = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (binary.match(/.{5}/g) ?? []).map((five) => alphabet[parseInt(five, 2)]).join('');
}

function answer(response: ServerResponse, make: () => { body: Buffer; status: number }): void {
  try {
    const { status, body } = make();
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  } catch (error) {
    const { status, body } = error instanceof OciError ? error : new OciError(500, 'UNKNOWN');
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }
}
