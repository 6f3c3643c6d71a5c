import { X509Certificate, verify } from 'node:crypto';
import { textAt } from '../read-json.js';

/** SNS signs these fields, in this order, by their type. https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html */
const SIGNED: Readonly<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};
const HOST = /^sns\.[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}\.amazonaws\.com(\.cn)?$/;
const PATH = /^\/[A-Za-z0-9._-]+\.pem$/;

/** Where SNS keeps a certificate of its own; null for any other address, however it is spelt. */
export function signingCertificateUrl(text: string | null): URL | null {
  const url = text === null ? null : URL.parse(text);
  // An address that is not spelt as it is read may be read otherwise by somebody else.
  if (url === null || url.href !== text || url.protocol !== 'https:') return null;
  const isPlain =
    url.username === '' && url.password === '' && url.port === '' && url.search === '' && url.hash === '';
  return isPlain && HOST.test(url.hostname) && PATH.test(url.pathname) ? url : null;
}

/** The text that a message's signature is over; null when it is no message of SNS. */
export function signedText(message: unknown): string | null {
  const type = textAt(message, 'Type') ?? '';
  const fields = Object.hasOwn(SIGNED, type) ? (SIGNED[type] ?? []) : [];
  const present = fields.filter((name) => textAt(message, name) !== null || name !== 'Subject');
  if (present.length === 0 || present.some((name) => textAt(message, name) === null)) return null;
  return present.map((name) => `${name}\n${textAt(message, name) ?? ''}\n`).join('');
}

/** Signed (SignatureVersion 2: RSA with SHA-256) by a certificate that holds now. */
export function isSignedBy(pem: string, text: string, signature: string, now: Date): boolean {
  try {
    const certificate = new X509Certificate(pem);
    if (now < certificate.validFromDate || now > certificate.validToDate) return false;
    if (certificate.publicKey.asymmetricKeyType !== 'rsa') return false;
    return verify('sha256', Buffer.from(text), certificate.publicKey, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
