import { z } from 'zod';
import { parseSmallJson } from '../client/small-json.js';
import { badReply, type Place } from '../errors.js';
import type { ManifestFacts } from './manifest-facts.js';
import { SIGNED_SCHEMA_1 } from './media-types.js';
import { platformWords } from './platform-words.js';
import { readDate } from './read-date.js';

const MOST_LAYERS = 10_000;
const seal = z.looseObject({ formatLength: z.number().int().positive(), formatTail: z.string().max(100) });
const signed = z.looseObject({
  signatures: z.array(z.looseObject({ protected: z.string().max(4_096) })).min(1),
});
const manifest = z.looseObject({
  fsLayers: z.array(z.unknown()).max(MOST_LAYERS),
  history: z.array(z.looseObject({ v1Compatibility: z.string() })).min(1),
});
const compatibility = z.looseObject({ os: z.string().catch(''), architecture: z.string().catch('') });

/**
 * The bytes that a signed schema 1 manifest's digest is of: those before the signatures, and a tail that each signature repeats
 * (https://github.com/distribution/distribution/blob/v2.8.2/docs/spec/manifest-v2-1.md#signed-manifests).
 */
export function schema1Payload(bytes: Uint8Array, place: Place): Uint8Array {
  const document = signed.safeParse(parseSmallJson(bytes, place));
  const words = document.data?.signatures[0]?.protected ?? '';
  const sealed = seal.safeParse(parseSmallJson(Buffer.from(words, 'base64url'), place));
  if (!sealed.success || sealed.data.formatLength > bytes.length)
    throw badReply(place, 'as an old manifest (schema 1) without a signature that can be read');
  const { formatLength, formatTail } = sealed.data;
  return Buffer.concat([bytes.subarray(0, formatLength), Buffer.from(formatTail, 'base64url')]);
}

/** Schema 1 states no sizes; its date is in the newest entry of its history. */
export function schema1Facts(document: unknown, place: Place): ManifestFacts {
  const parsed = manifest.safeParse(document);
  if (!parsed.success) throw badReply(place, 'as an old manifest (schema 1) that cannot be read');
  const { fsLayers, history } = parsed.data;
  const newest = parseSmallJson(Buffer.from(history[0]?.v1Compatibility ?? ''), place);
  return {
    mediaType: SIGNED_SCHEMA_1,
    artifactType: null,
    createdAt: readDate(newest['created']),
    bytes: null,
    layers: fsLayers.length,
    platform: platformWords(compatibility.parse(newest)),
    children: null,
    subject: null,
  };
}
