import { HygieneError } from '#core';
import { isUtf8 } from 'node:buffer';

const BYTE_ORDER_MARK = /^\uFEFF/;

/**
 * The text of a body, without a byte order mark: https://www.rfc-editor.org/rfc/rfc8259#section-8.1
 * @throws HygieneError INPUT_INVALID with the line of the first byte that is not UTF-8: a rule pack saved as Latin-1 would be stored with
 * other letters than were written, and match nothing
 */
export function decodeBody(body: string | Buffer): string {
  if (typeof body !== 'string' && !isUtf8(body)) {
    const place = `line ${lineOfFault(body)}`;
    throw new HygieneError(
      'INPUT_INVALID',
      `The body is not UTF-8: it breaks at ${place}; save it as UTF-8.`,
      {
        faults: [{ path: '', message: `not UTF-8 at ${place}` }],
      },
    );
  }
  return body.toString().replace(BYTE_ORDER_MARK, '');
}

function lineOfFault(body: Buffer): number {
  let line = 1;
  for (let start = 0; start < body.length; line += 1) {
    const newline = body.indexOf('\n', start);
    const end = newline === -1 ? body.length : newline + 1;
    if (!isUtf8(body.subarray(start, end))) return line;
    start = end;
  }
  return line;
}
