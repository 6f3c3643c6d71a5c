import { HygieneError, type ErrorCode, type ScanError } from '#core';

/** Where a reply came from, for words. */
export interface Place {
  /** `the tag list of library/app` */
  readonly what: string;
  readonly origin: string;
}

/** A status that is no answer to the question, with what to do about it. `word` is a code that the registry gave, if it is one. */
export function statusFault(
  status: number,
  { what, origin }: Place,
  word: string | null = null,
): HygieneError {
  const code = codeOf(status);
  const shown = `HTTP ${status}${word === null ? '' : `, ${word}`}`;
  const messages: Partial<Record<ErrorCode, string>> = {
    REMOTE_AUTH_FAILED: `${origin} refuses the credential for ${what} (${shown}). Check the user name and the password or token, and rotate the credential if it has expired.`,
    REMOTE_FORBIDDEN: `The credential may not read ${what} at ${origin} (${shown}). Give it the right to pull there.`,
    NOT_FOUND: `${origin} has nothing under the name of ${what} (${shown}). Check the spelling; a registry also says so of what the credential may not see.`,
    OPERATION_UNSUPPORTED: `${origin} does not offer ${what} (${shown}).`,
    REMOTE_THROTTLED: `${origin} throttled the request for ${what} (${shown}). Scan again later.`,
    REMOTE_FAULT: `${origin} failed on ${what} (${shown}). Scan again later; if it stays, look into the registry's log.`,
  };
  const message =
    messages[code] ??
    `${origin} answered the request for ${what} with ${shown}, which Tagward cannot use. Check that an OCI registry answers at that address.`;
  return new HygieneError(code, message, { details: { status, ...(word === null ? {} : { word }) } });
}

/** A reply with a right status and a content that is none. `how` ends the sentence "… sent the tag list of x": `that is no JSON`. */
export function badReply({ what, origin }: Place, how: string): HygieneError {
  return new HygieneError(
    'REMOTE_REPLY_INVALID',
    `${origin} sent ${what} ${how}. Nothing of it was used; check the registry, and any proxy before it.`,
  );
}

/** A part of the target that stays unread, as the scan reports it. */
export function toScanError({ code, message, retryable }: HygieneError, scope: string | null): ScanError {
  return { code, message, scope, retryable };
}

function codeOf(status: number): ErrorCode {
  if (status === 401) return 'REMOTE_AUTH_FAILED';
  if (status === 403) return 'REMOTE_FORBIDDEN';
  if (status === 404) return 'NOT_FOUND';
  if (status === 405 || status === 501) return 'OPERATION_UNSUPPORTED';
  if (status === 429) return 'REMOTE_THROTTLED';
  return status >= 500 ? 'REMOTE_FAULT' : 'REMOTE_REPLY_INVALID';
}
