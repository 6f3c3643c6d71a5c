import {
  digestOf,
  isIndexType,
  MANIFEST_TYPES,
  type Descriptor,
  type Manifest,
} from '../registry-content/index.js';
import { empty, type Answer } from './answer.js';
import { isDigest } from './manifest-answers.js';
import { OciError } from './oci-error.js';
import type { SandboxRepository } from './sandbox-repository.js';

export interface ManifestUpload {
  readonly repository: string;
  readonly reference: string;
  readonly mediaType: string;
  readonly body: Buffer;
  /** `http://127.0.0.1:PORT`, for the Location. */
  readonly origin: string;
}

interface Parsed {
  readonly mediaType?: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
  readonly subject?: Descriptor;
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-manifests; what it names must be there. */
export function putManifest(into: SandboxRepository, upload: ManifestUpload, referrers: boolean): Answer {
  const { repository, reference, mediaType, body, origin } = upload;
  const parsed = parse(body, mediaType);
  const digest = digestOf(body);
  if (isDigest(reference) && reference !== digest) throw new OciError(400, 'DIGEST_INVALID');
  const missing = (parsed.manifests ?? []).find((one) => !into.manifests.has(one.digest));
  const parts = [parsed.config, ...(parsed.layers ?? [])].filter((one) => one !== undefined);
  const absent = missing ?? parts.find((one) => into.blob(one.digest) === null);
  if (absent !== undefined) throw new OciError(400, 'MANIFEST_BLOB_UNKNOWN', { detail: absent.digest });
  into.put(uploaded(digest, upload), isDigest(reference) ? null : reference);
  return empty(201, {
    location: `${origin}/v2/${repository}/manifests/${digest}`,
    'docker-content-digest': digest,
    ...(referrers && parsed.subject !== undefined ? { 'oci-subject': parsed.subject.digest } : {}),
  });
}

function uploaded(digest: string, { mediaType, body }: ManifestUpload): Manifest {
  return { mediaType, digest, bytes: body, blobs: new Map(), children: [], listedAs: {} };
}

function parse(body: Buffer, mediaType: string): Parsed {
  const invalid = new OciError(400, 'MANIFEST_INVALID', { detail: {} });
  if (!MANIFEST_TYPES.includes(mediaType)) throw invalid;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    throw invalid;
  }
  if (typeof parsed !== 'object' || parsed === null) throw invalid;
  const manifest: Parsed = parsed;
  const isWhole = isIndexType(mediaType) ? Array.isArray(manifest.manifests) : manifest.config !== undefined;
  if (!isWhole || (manifest.mediaType ?? mediaType) !== mediaType) throw invalid;
  return manifest;
}

export interface DeleteSwitches {
  /** false: 405, as docker-registry without `storage.delete.enabled`. */
  readonly deletes: boolean;
  /** false: a tag is no digest, 400. */
  readonly deleteByTag: boolean;
}

/** By digest: with every tag on it. By tag: that tag only. */
export function deleteManifest(
  found: SandboxRepository | null,
  reference: string,
  { deletes, deleteByTag }: DeleteSwitches,
): Answer {
  if (!deletes) throw new OciError(405, 'UNSUPPORTED');
  if (!isDigest(reference) && !deleteByTag) throw new OciError(400, 'DIGEST_INVALID');
  const isGone = isDigest(reference) ? found?.removeManifest(reference) : found?.removeTag(reference);
  if (isGone !== true) throw new OciError(404, 'MANIFEST_UNKNOWN');
  return empty(202);
}
