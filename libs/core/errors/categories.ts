/** Who is at fault and what the caller may do; every edge (HTTP, GraphQL, queue) maps all of them. */
export const ERROR_CATEGORIES = [
  'invalid-input',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'unsupported',
  'limit-exceeded',
  'rate-limited',
  'remote-denied',
  'unavailable',
  'invariant',
] as const;
export type ErrorCategory = (typeof ERROR_CATEGORIES)[number];
