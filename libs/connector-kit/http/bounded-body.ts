import type { Readable } from 'node:stream';
import { createGunzip, createInflate, type Gunzip, type Inflate } from 'node:zlib';
import { HygieneError } from '#core';
import { tooLarge } from './http-fault.js';

export interface BodyOrigin {
  readonly what: string;
  readonly origin: string;
  readonly maxBytes: number;
}

/** A body with at most one encoding undone, cut off as soon as what comes out is more than allowed. Leaving early ends the reading. */
export async function* boundedBody(
  body: Readable,
  encoding: string | null,
  { what, origin, maxBytes }: BodyOrigin,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = decoderOf(encoding, what, origin);
  const decoded = decoder === null ? body : body.pipe(decoder);
  if (decoder !== null) body.once('error', (error) => decoder.destroy(error));
  let bytes = 0;
  try {
    for await (const chunk of decoded as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(what, origin, maxBytes);
      yield chunk;
    }
  } finally {
    decoder?.destroy();
    body.destroy();
  }
}

function decoderOf(encoding: string | null, what: string, origin: string): Gunzip | Inflate | null {
  const steps = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((step) => step.trim())
    .filter((step) => step !== '' && step !== 'identity');
  const [step] = steps;
  if (step === undefined) return null;
  if (steps.length === 1 && (step === 'gzip' || step === 'x-gzip')) return createGunzip();
  if (steps.length === 1 && step === 'deflate') return createInflate();
  throw new HygieneError(
    'REMOTE_REPLY_INVALID',
    `${origin} sent ${what} in an encoding that nobody asked for. Check what answers at that address.`,
  );
}
