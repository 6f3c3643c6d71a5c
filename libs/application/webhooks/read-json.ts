import { HygieneError } from '#core';

const DEEPEST = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * JSON of a stranger. Depth is counted before anything is parsed, and no key is followed: `__proto__` is a key like others, of equal
 * keys the last counts.
 * @throws HygieneError INPUT_INVALID that quotes nothing
 */
export function readJson(bytes: Uint8Array): unknown {
  if (depthOf(bytes) > DEEPEST) throw unreadable(`nested deeper than ${DEEPEST} levels`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw unreadable('not JSON in UTF-8');
  }
}

/** Levels of arrays and objects, counted in one pass; stops counting at the first too deep. */
function depthOf(bytes: Uint8Array): number {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < bytes.length && depth <= DEEPEST; at += 1) {
    const byte = bytes[at] ?? 0;
    if (isText && byte === BACKSLASH) at += 1;
    else if (byte === QUOTE) isText = !isText;
    else if (!isText && OPENING.has(byte)) depth += 1;
    else if (!isText && CLOSING.has(byte)) depth -= 1;
  }
  return depth;
}

function unreadable(why: string): HygieneError {
  return new HygieneError('INPUT_INVALID', `The body of the delivery is ${why}.`, {
    faults: [{ path: '', message: why }],
  });
}

/** What is at that path of own keys; undefined when a part of it is not there. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (place, key) =>
      typeof place === 'object' && place !== null && Object.hasOwn(place, key)
        ? (place as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

/** The text there; null when there is none, or an empty one. */
export function textAt(value: unknown, ...path: readonly string[]): string | null {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** The array there; an empty one when there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as unknown[]) : [];
}
