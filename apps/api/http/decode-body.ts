import { decodeUtf8, HygieneError } from '#core';

/**
 * The text of a body.
 * @throws HygieneError INPUT_INVALID with the line of the first byte that is not UTF-8: a rule pack saved as Latin-1 would be stored with
 * other letters than were written, and match nothing
 */
export function decodeBody(body: string | Buffer): string {
  const { text, line } = decodeUtf8(typeof body === 'string' ? Buffer.from(body) : body);
  if (text !== null) return text;
  throw new HygieneError(
    'INPUT_INVALID',
    `The body is not UTF-8: it breaks at line ${line}; save it as UTF-8.`,
    { faults: [{ path: '', message: `not UTF-8 at line ${line}` }] },
  );
}
