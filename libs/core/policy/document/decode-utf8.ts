const BYTE_ORDER_MARK = /^\uFEFF/;
const NEWLINE = 0x0a;

export type Decoded =
  | { readonly text: string; readonly line: null }
  /** The first line, 1-based, with a byte that is not UTF-8. */
  | { readonly text: null; readonly line: number };

/** Bytes as text, without a byte order mark: https://www.rfc-editor.org/rfc/rfc8259#section-8.1. Never other letters than were written. */
export function decodeUtf8(bytes: Uint8Array): Decoded {
  const text = decoded(bytes);
  return text === null
    ? { text, line: lineOfFault(bytes) }
    : { text: text.replace(BYTE_ORDER_MARK, ''), line: null };
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A newline is part of no other character: each line can be looked at alone. */
function lineOfFault(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    if (decoded(bytes.subarray(start, end)) === null) return line;
    start = end;
  }
  return line;
}
