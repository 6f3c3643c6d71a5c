import { createHash } from 'node:crypto';
import { badReply, type Place } from '../errors.js';

export function sha256Of(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** @throws HygieneError REMOTE_REPLY_INVALID when the bytes are not those that the digest names */
export function verifyDigest(bytes: Uint8Array, digest: string, place: Place): void {
  const [algorithm = '', expected = ''] = digest.split(':');
  if (createHash(algorithm).update(bytes).digest('hex') !== expected)
    throw badReply(place, 'with other bytes than its digest names');
}
