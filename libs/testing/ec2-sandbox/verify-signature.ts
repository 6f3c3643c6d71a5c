import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What the Authorization header of Signature Version 4 says. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

export interface SignedRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const CLAIM =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

export function readClaim(header: string | undefined): SignatureClaim | null {
  const match = CLAIM.exec(header ?? '');
  if (match === null) return null;
  const [, accessKeyId = '', date = '', region = '', service = '', names = '', signature = ''] = match;
  return { accessKeyId, date, region, service, signedHeaders: names.split(';'), signature };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function isSignedWith(
  secretAccessKey: string,
  claim: SignatureClaim,
  request: SignedRequest,
): boolean {
  const scope = [claim.date, claim.region, claim.service, 'aws4_request'];
  const key = scope.reduce<Buffer | string>((from, part) => hmac(from, part), `AWS4${secretAccessKey}`);
  const stamp = String(request.headers['x-amz-date'] ?? '');
  const text = ['AWS4-HMAC-SHA256', stamp, scope.join('/'), sha256(canonicalRequest(claim, request))].join(
    '\n',
  );
  return timingSafeEqual(hmac(key, text), Buffer.from(claim.signature, 'hex'));
}

function canonicalRequest(
  { signedHeaders }: SignatureClaim,
  { method, target, headers, body }: SignedRequest,
): string {
  const url = new URL(target, 'http://host.invalid');
  const query = [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const lines = signedHeaders.map(
    (name) =>
      `${name}:${String(headers[name] ?? '')
        .trim()
        .replace(/ +/g, ' ')}\n`,
  );
  return [method, url.pathname, query, lines.join(''), signedHeaders.join(';'), sha256(body)].join('\n');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
