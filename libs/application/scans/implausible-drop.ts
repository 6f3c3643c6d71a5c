import type { ReadUnit, ScanError } from '#core';

/** Below this many tags any drop is believed: small places do empty. */
const SMALL = 20;
/** A unit that keeps less than this share of its tags from one scan to the next is not believed at first. */
const PLAUSIBLE_SHARE = 0.1;

/**
 * Did a unit lose so many tags that a truncated or lying reply is likelier than the truth? The second scan in a row that
 * sees the same is believed.
 */
export function isImplausibleDrop(counts: { before: number; seen: number; suspected: boolean }): boolean {
  return !counts.suspected && counts.before >= SMALL && counts.seen < counts.before * PLAUSIBLE_SHARE;
}

export function implausibleDropError(unit: ReadUnit, counts: { before: number; seen: number }): ScanError {
  const what = unit.resourceType === null ? unit.scope : `${unit.resourceType} in ${unit.scope}`;
  return {
    code: 'IMPLAUSIBLE_DROP',
    message: `${what} had ${counts.before} tags and now shows ${counts.seen}; nothing of it counts as gone. Scan again: a second scan that sees the same is believed.`,
    scope: unit.scope,
    retryable: true,
  };
}

/** As `implausibleDropError`, for scopes that a target has no more. */
export function goneScopesError(counts: { before: number; seen: number }): ScanError {
  return {
    code: 'IMPLAUSIBLE_DROP',
    message: `The target had ${counts.before} tags, and the scopes that it still lists hold ${counts.seen}; nothing of the scopes that are not listed counts as gone. Scan again: a second scan that sees the same is believed.`,
    scope: null,
    retryable: true,
  };
}
