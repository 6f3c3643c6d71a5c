import { DOCKER, isIndexType, OCI, type Descriptor, type Manifest } from '../registry-content/index.js';
import { empty, type Answer } from './answer.js';
import { OciError } from './oci-error.js';
import type { SandboxRepository } from './sandbox-repository.js';
import { schema1Of } from './schema1.js';

export interface ManifestRequest {
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
  readonly accept: string;
  readonly ifNoneMatch: string | null;
}

export const isDigest = (reference: string): boolean => reference.includes(':');

/** GET and HEAD of a manifest, with the choice by Accept as docker-registry 2.8 makes it: what OCI images need is never guessed. */
export function manifestAnswer(found: SandboxRepository | null, request: ManifestRequest): Answer {
  const { mediaType, digest, bytes } = chosen(find(found, request), found, request);
  const etag = `"${digest}"`;
  if (request.ifNoneMatch === etag || request.ifNoneMatch === digest) return empty(304);
  const headers = { 'content-type': mediaType, 'docker-content-digest': digest, etag };
  return { status: 200, headers, body: bytes };
}

type Served = Pick<Manifest, 'mediaType' | 'digest' | 'bytes'>;

function find(found: SandboxRepository | null, { repository, reference }: ManifestRequest): Manifest {
  const manifest = isDigest(reference) ? found?.manifests.get(reference) : found?.tagged(reference);
  if (manifest !== undefined && manifest !== null) return manifest;
  const detail = isDigest(reference) ? { Name: repository, Revision: reference } : { Tag: reference };
  throw new OciError(404, 'MANIFEST_UNKNOWN', { detail });
}

function chosen(manifest: Manifest, found: SandboxRepository | null, request: ManifestRequest): Served {
  const accepts = acceptsOf(request.accept);
  const { mediaType } = manifest;
  if (mediaType === OCI.manifest && !accepts.has(mediaType)) throw notAccepted('manifest', 'manifests');
  if (mediaType === OCI.index && !accepts.has(mediaType)) throw notAccepted('index', 'indexes');
  if (isDigest(request.reference) || accepts.has(mediaType)) return manifest;
  if (mediaType === DOCKER.manifest) return schema1Of(manifest, request.repository, request.reference);
  if (mediaType !== DOCKER.index || found === null) return manifest;
  const child = defaultChild(manifest, found);
  return child.mediaType !== DOCKER.manifest || accepts.has(DOCKER.manifest)
    ? child
    : schema1Of(child, request.repository, request.reference);
}

/** Of a list to who does not know lists: the image for linux on amd64. */
function defaultChild(list: Manifest, found: SandboxRepository): Manifest {
  const { manifests } = JSON.parse(list.bytes.toString()) as { manifests: readonly Descriptor[] };
  const listed = manifests.find(
    ({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64',
  );
  const child = found.manifests.get(listed?.digest ?? '');
  if (child === undefined || isIndexType(child.mediaType)) throw new OciError(404, 'MANIFEST_UNKNOWN');
  return child;
}

function acceptsOf(header: string): ReadonlySet<string> {
  return new Set(header.split(',').map((type) => type.split(';')[0]?.trim() ?? ''));
}

function notAccepted(one: string, many: string): OciError {
  const message = `OCI ${one} found, but accept header does not support OCI ${many}`;
  return new OciError(404, 'MANIFEST_UNKNOWN', { message });
}
