import { empty, type Answer } from './answer.js';
import { OciError } from './oci-error.js';
import type { SandboxRepository } from './sandbox-repository.js';

const SHA256 = /^sha256:[0-9a-f]{64}$/;

export function blobAnswer(found: SandboxRepository | null, digest: string): Answer {
  if (!SHA256.test(digest)) throw new OciError(400, 'DIGEST_INVALID', { detail: {} });
  const body = found?.blob(digest) ?? null;
  if (body === null) throw new OciError(404, 'BLOB_UNKNOWN', { detail: digest });
  const headers = {
    'content-type': 'application/octet-stream',
    'cache-control': 'max-age=31536000',
    'docker-content-digest': digest,
    etag: `"${digest}"`,
  };
  return { status: 200, headers, body };
}

export function deleteBlob(found: SandboxRepository | null, digest: string, deletes: boolean): Answer {
  if (!deletes) throw new OciError(405, 'UNSUPPORTED');
  if (found?.removeBlob(digest) !== true) throw new OciError(404, 'BLOB_UNKNOWN');
  return empty(202);
}
