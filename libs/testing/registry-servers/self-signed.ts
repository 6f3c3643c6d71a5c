import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { bits, der, integer, nothing, objectId, octets, sequence, set, text, time, yes } from './der.js';

export interface SelfSigned {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** PEM */
  readonly key: string;
  /** PEM */
  readonly certificate: string;
}

export interface SelfSignedOptions {
  /** Who it is for, besides 127.0.0.1 and localhost. */
  readonly names?: readonly string[];
  readonly from?: Date;
  readonly until?: Date;
}

const DAY_MS = 86_400_000;
const SHA256_WITH_RSA = sequence(objectId('1.2.840.113549.1.1.11'), nothing);
const COMMON_NAME = '2.5.4.3';
const ALTERNATIVE_NAMES = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/** A certificate that nobody trusts but who is given it: for TLS, and for what signs tokens. https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
export function selfSigned(options: SelfSignedOptions = {}): SelfSigned {
  const { from = new Date(Date.now() - DAY_MS), until = new Date(Date.now() + DAY_MS) } = options;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const name = sequence(set(sequence(objectId(COMMON_NAME), text('tagward tests'))));
  const body = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    SHA256_WITH_RSA,
    name,
    sequence(time(from), time(until)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions(options.names ?? []))),
  );
  const signed = sequence(body, SHA256_WITH_RSA, bits(sign('sha256', body, privateKey)));
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { privateKey, publicKey, key, certificate: pem(signed) };
}

function extensions(names: readonly string[]): Buffer[] {
  const dns = ['localhost', ...names].map((name) => der(DNS_NAME, Buffer.from(name)));
  const addresses = [1, 2].map((last) => der(IP_ADDRESS, Buffer.of(127, 0, 0, last)));
  return [
    sequence(objectId(BASIC_CONSTRAINTS), yes, octets(sequence(yes))),
    sequence(objectId(ALTERNATIVE_NAMES), octets(sequence(...dns, ...addresses))),
  ];
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
