import { HygieneError } from '#core';
import type { HttpReply } from '#connector-kit';

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes, and registries' own. */
const WORD = /^[A-Z][A-Z_]{2,40}$/;
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
  const match = /"code"\s*:\s*"([A-Z_]{3,41})"/.exec(text);
  const word = match?.[1] ?? '';
  return WORD.test(word) ? word : null;
}
