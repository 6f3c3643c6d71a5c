import { z } from 'zod';
import { parseSmallJson } from '../client/small-json.js';
import { badReply, type Place } from '../errors.js';
import { isDigest } from '../names.js';
import type { ChildFacts, ManifestFacts } from './manifest-facts.js';
import { IMAGE_CONFIGS } from './media-types.js';
import { platformWords } from './platform-words.js';
import { readDate } from './read-date.js';
import { schema1Facts } from './schema-1.js';

/** A manifest with what is still to be fetched to know its date. */
export interface ParsedManifest {
  readonly facts: ManifestFacts;
  /** The image configuration that holds the date; null when there is none. */
  readonly config: { readonly digest: string; readonly bytes: number } | null;
}

export const MOST_CHILDREN = 1_000;
const MOST_LAYERS = 10_000;
/** `{}`: what signatures and other artifacts have for a configuration. */
const EMPTY_CONFIG = 2;

const text = z.string().max(255);
const annotations = z.record(z.string(), z.unknown()).nullish().catch(null);
const descriptor = z.looseObject({
  mediaType: text.nullish(),
  digest: z.string().refine(isDigest),
  size: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
});
const platform = z
  .looseObject({ os: text, architecture: text, variant: text.nullish() })
  .nullish()
  .catch(null);
const child = descriptor.extend({ platform, annotations });
const shared = {
  mediaType: text.nullish(),
  artifactType: text.nullish(),
  subject: descriptor.nullish(),
  annotations,
};
const index = z.looseObject({ ...shared, manifests: z.array(child) });
const image = z.looseObject({ ...shared, config: descriptor, layers: z.array(descriptor).max(MOST_LAYERS) });
const artifact = z.looseObject({ ...shared, blobs: z.array(descriptor).max(MOST_LAYERS).nullish() });

/**
 * What a manifest says (https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md and image-index.md, and Docker's schema 2).
 * `urls` of layers are not looked at: nothing that a manifest names by address is ever fetched (GHSA-742w-89gc-8m9c).
 */
export function parseManifest(bytes: Uint8Array, contentType: string | null, place: Place): ParsedManifest {
  const document = parseSmallJson(bytes, place);
  const fallback = (contentType ?? '').split(';')[0]?.trim() ?? '';
  if ('manifests' in document) {
    // Ambiguous documents read one way here and another way there (GHSA-qq97-vm5h-rrhg).
    if ('layers' in document || 'config' in document || 'fsLayers' in document)
      throw badReply(place, 'as an index and an image at once');
    if (Array.isArray(document['manifests']) && document['manifests'].length > MOST_CHILDREN)
      throw badReply(place, `as an index of more than ${MOST_CHILDREN} manifests`);
    return indexOf(checked(index, document, place), fallback);
  }
  if ('fsLayers' in document) return { facts: schema1Facts(document, place), config: null };
  if ('layers' in document) return imageOf(checked(image, document, place), fallback);
  return artifactOf(checked(artifact, document, place), fallback, place);
}

function indexOf(document: z.output<typeof index>, fallback: string): ParsedManifest {
  const facts = {
    ...sharedFacts(document, fallback),
    bytes: 0,
    layers: 0,
    children: document.manifests.map(childOf),
  };
  return { facts, config: null };
}

function imageOf(document: z.output<typeof image>, fallback: string): ParsedManifest {
  const { config, layers } = document;
  const bytes = layers.reduce((sum, { size }) => sum + size, config.size);
  const facts = { ...sharedFacts(document, fallback), bytes, layers: layers.length, children: null };
  const dated = IMAGE_CONFIGS.has(config.mediaType ?? '') && config.size > EMPTY_CONFIG;
  return {
    facts: { ...facts, artifactType: facts.artifactType ?? artifactTypeOf(config.mediaType) },
    config: dated ? { digest: config.digest, bytes: config.size } : null,
  };
}

function artifactOf(document: z.output<typeof artifact>, fallback: string, place: Place): ParsedManifest {
  const known = document.artifactType ?? document.mediaType;
  if (known === null || known === undefined) throw badReply(place, 'as something that is no manifest');
  const blobs = document.blobs ?? [];
  const bytes = blobs.reduce((sum, { size }) => sum + size, 0);
  return {
    facts: { ...sharedFacts(document, fallback), bytes, layers: blobs.length, children: null },
    config: null,
  };
}

function sharedFacts(
  { mediaType, artifactType, subject, annotations: notes }: z.output<typeof artifact>,
  fallback: string,
): Pick<ManifestFacts, 'mediaType' | 'artifactType' | 'createdAt' | 'platform' | 'subject'> {
  return {
    mediaType: mediaType ?? fallback,
    artifactType: artifactType ?? null,
    createdAt: readDate(notes?.['org.opencontainers.image.created']),
    platform: null,
    subject: subject?.digest ?? null,
  };
}

function childOf({
  digest,
  mediaType,
  size,
  platform: on,
  annotations: notes,
}: z.output<typeof child>): ChildFacts {
  const words = on === null || on === undefined ? null : platformWords(on);
  const attestation =
    notes?.['vnd.docker.reference.type'] === 'attestation-manifest' || words === 'unknown/unknown';
  return { digest, mediaType: mediaType ?? '', platform: words, bytes: size, attestation };
}

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage: else the config's type says it. */
function artifactTypeOf(mediaType: string | null | undefined): string | null {
  return mediaType === null || mediaType === undefined || IMAGE_CONFIGS.has(mediaType) ? null : mediaType;
}

function checked<T>(schema: z.ZodType<T>, document: unknown, place: Place): T {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const at = parsed.error.issues[0]?.path.slice(0, 4).join('.') ?? '';
  throw badReply(
    place,
    `as a manifest that breaks the image spec${/^[\w.]{1,80}$/.test(at) ? ` at ${at}` : ''}`,
  );
}
