/** A running scan, or scope of one, whose worker gave no sign for this long is taken over: thirty missed heartbeats. */
export const STALE_AFTER_MS = 30_000;
/** What took down its worker this often is not tried again. */
export const MAX_ATTEMPTS = 3;
/**
 * Scopes of one scan that are read at the same time, by all workers together: it bounds what one host is asked, as a target is mostly one
 * host. Four hide the latency of a remote; more would rather be throttled by it.
 */
export const LANES = 4;
