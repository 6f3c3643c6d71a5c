import { HygieneError } from '#core';
import type { IncomingHttpHeaders } from 'node:http';

/** Entity tags of rule packs are their versions: `"3"`. */
export function versionTag(version: number): string {
  return `"${version}"`;
}

/**
 * The version that a write is bound to: `If-Match: "3"` is 3, `If-None-Match: *` is 0 (it must be new); undefined without either.
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.1
 * @throws HygieneError INPUT_INVALID for forms that cannot be kept
 */
export function expectedVersion(headers: IncomingHttpHeaders): number | undefined {
  const match = headers['if-match'];
  const noneMatch = headers['if-none-match'];
  if (match !== undefined && noneMatch !== undefined) {
    throw new HygieneError('INPUT_INVALID', 'Send either If-Match or If-None-Match, not both.');
  }
  if (noneMatch !== undefined) {
    if (noneMatch.trim() === '*') return 0;
    throw new HygieneError(
      'INPUT_INVALID',
      'A write takes `If-None-Match: *` (it must be new) and no other form.',
    );
  }
  if (match === undefined) return undefined;
  const version = /^\s*"(\d{1,9})"\s*$/.exec(match)?.[1];
  if (version !== undefined) return Number(version);
  throw new HygieneError('INPUT_INVALID', 'If-Match takes the ETag of one version, like `"3"`.');
}

/** Does `If-None-Match` hold the tag? Weak comparison, as for GET. */
export function matchesNone(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return (
    header.trim() === '*' ||
    header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === tag)
  );
}
