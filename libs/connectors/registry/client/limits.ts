import type { HttpLimits } from '#connector-kit';

const MIB = 1_048_576;
const TIMES = { headersMs: 15_000, idleMs: 15_000, totalMs: 60_000 };
const LIST_TIMES = { headersMs: 30_000, idleMs: 15_000, totalMs: 180_000 };

/** What each kind of reply may cost. The spec asks registries to take manifests of 4 MiB and lets them refuse larger ones. */
export const LIST_LIMITS: HttpLimits = { ...LIST_TIMES, maxBytes: 64 * MIB };
export const MANIFEST_LIMITS: HttpLimits = { ...TIMES, maxBytes: 4 * MIB };
export const CONFIG_LIMITS: HttpLimits = { ...TIMES, maxBytes: 8 * MIB };
export const SMALL_LIMITS: HttpLimits = { ...TIMES, maxBytes: MIB };

/** To a connection, TLS included. */
export const CONNECT_MS = 1_500;
/** Requests under way at once to one registry, whichever targets they are for. */
export const REQUESTS_AT_ONCE = 32;
