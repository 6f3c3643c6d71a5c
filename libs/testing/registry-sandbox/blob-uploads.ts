import { randomUUID } from 'node:crypto';
import { digestOf } from '../registry-content/index.js';
import { empty, type Answer } from './answer.js';
import { OciError } from './oci-error.js';
import type { SandboxContent } from './sandbox-content.js';

interface UploadRequest {
  readonly repository: string;
  readonly origin: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** Pushes of blobs, at once or in chunks, and mounts. https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-blobs */
export class BlobUploads {
  private readonly open = new Map<string, { readonly repository: string; readonly chunks: Buffer[] }>();

  constructor(private readonly content: SandboxContent) {}

  /** A mount of what another repository has; else a place to push to. A `digest` is passed over, as docker-registry 2.8 does. */
  start({ repository, origin, query }: UploadRequest): Answer {
    const digest = query.get('mount') ?? '';
    const bytes = this.content.find(query.get('from') ?? '')?.blob(digest) ?? null;
    if (bytes !== null) {
      this.content.findOrMake(repository).addBlob(digest, bytes);
      return created({ repository, origin, digest });
    }
    const id = randomUUID();
    this.open.set(id, { repository, chunks: [] });
    return this.progress(id, 202, { repository, origin });
  }

  append(id: string, { repository, origin, body }: UploadRequest): Answer {
    this.find(id, repository).chunks.push(body);
    return this.progress(id, 202, { repository, origin });
  }

  state(id: string, { repository, origin }: UploadRequest): Answer {
    this.find(id, repository);
    return this.progress(id, 204, { repository, origin });
  }

  finish(id: string, { repository, origin, query, body }: UploadRequest): Answer {
    const { chunks } = this.find(id, repository);
    const bytes = Buffer.concat([...chunks, body]);
    const digest = digestOf(bytes);
    if (query.get('digest') !== digest)
      throw new OciError(400, 'DIGEST_INVALID', { detail: { Digest: query.get('digest'), Reason: {} } });
    this.open.delete(id);
    this.content.findOrMake(repository).addBlob(digest, bytes);
    return created({ repository, origin, digest });
  }

  cancel(id: string, { repository }: UploadRequest): Answer {
    this.find(id, repository);
    this.open.delete(id);
    return empty(204);
  }

  private find(id: string, repository: string) {
    const upload = this.open.get(id);
    if (upload?.repository !== repository) throw new OciError(404, 'BLOB_UPLOAD_INVALID', { detail: {} });
    return upload;
  }

  private progress(
    id: string,
    status: number,
    { repository, origin }: Pick<UploadRequest, 'repository' | 'origin'>,
  ): Answer {
    const bytes = this.find(id, repository).chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    return empty(status, {
      location: `${origin}/v2/${repository}/blobs/uploads/${id}?_state=${id}`,
      'docker-upload-uuid': id,
      range: `0-${Math.max(0, bytes - 1)}`,
    });
  }
}

function created({
  repository,
  origin,
  digest,
}: {
  repository: string;
  origin: string;
  digest: string;
}): Answer {
  const location = `${origin}/v2/${repository}/blobs/${digest}`;
  return empty(201, { location, 'docker-content-digest': digest });
}
