import { HygieneError } from '#core';
import type { HttpReply } from '#connector-kit';

/**
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes, and what Harbor and docker-registry add. Only these are
 * shown: a registry may put anything into its place, a secret that it was sent among it.
 */
const WORDS: ReadonlySet<string> = new Set([
  ...[
    'BLOB_UNKNOWN',
    'BLOB_UPLOAD_INVALID',
    'BLOB_UPLOAD_UNKNOWN',
    'DIGEST_INVALID',
    'MANIFEST_BLOB_UNKNOWN',
  ],
  ...['MANIFEST_INVALID', 'MANIFEST_UNKNOWN', 'NAME_INVALID', 'NAME_UNKNOWN', 'SIZE_INVALID', 'UNAUTHORIZED'],
  ...['DENIED', 'UNSUPPORTED', 'TOOMANYREQUESTS', 'TAG_INVALID', 'MANIFEST_UNVERIFIED', 'UNAVAILABLE'],
  ...['PAGINATION_NUMBER_INVALID', 'NOT_FOUND', 'FORBIDDEN', 'PRECONDITION', 'PROJECT_POLICY_VIOLATION'],
]);
const MOST_BYTES = 65_536;

/** The error code in a refused reply, which this reads to its end; null when there is none. Nothing else of the body is kept. */
export async function wordOf(reply: HttpReply): Promise<string | null> {
  try {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of reply.body) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) return null;
      chunks.push(chunk);
    }
    return readWord(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    if (error instanceof HygieneError && error.code === 'CANCELLED') throw error;
    // The status has said enough; a body that cannot be read adds nothing.
    return null;
  }
}

function readWord(text: string): string | null {
  const word = /"code"\s*:\s*"([A-Z_]{3,40})"/.exec(text)?.[1] ?? '';
  return WORDS.has(word) ? word : null;
}
