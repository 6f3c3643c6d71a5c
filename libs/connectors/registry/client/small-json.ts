import { badReply, type Place } from '../errors.js';

const DEEPEST = 32;

/** A JSON object from bytes that are few already. Deep nesting is refused before it is parsed: it costs far more memory than bytes. */
export function parseSmallJson(bytes: Uint8Array, place: Place): Readonly<Record<string, unknown>> {
  if (depthOf(bytes) > DEEPEST) throw badReply(place, `nested deeper than ${DEEPEST} levels`);
  const value = parse(bytes);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw badReply(place, 'as something that is no JSON object (a login page?)');
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return null;
  }
}

function depthOf(bytes: Uint8Array): number {
  let deepest = 0;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (inString) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, (depth += 1));
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return deepest;
}
