import type { ErrorCategory } from '#core';

/** What clients may match on, through both faces. */
export const API_ERROR_CODES = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'UNSUPPORTED',
  'LIMIT_EXCEEDED',
  'RATE_LIMITED',
  'REMOTE_DENIED',
  'UNAVAILABLE',
  'INTERNAL',
] as const;
export type ApiErrorCode = (typeof API_ERROR_CODES)[number];

/**
 * The one table: how each category of error leaves the service. `status` is REST's; GraphQL carries `code`.
 * 424 for a platform that refuses us, because a gateway's 502 would be tried again by proxies.
 */
export const ERROR_TABLE = {
  'invalid-input': { code: 'BAD_USER_INPUT', status: 400, title: 'The input is not valid' },
  unauthenticated: { code: 'UNAUTHENTICATED', status: 401, title: 'A valid token is needed' },
  forbidden: { code: 'FORBIDDEN', status: 403, title: 'The token does not allow this' },
  'not-found': { code: 'NOT_FOUND', status: 404, title: 'There is no such thing' },
  conflict: { code: 'CONFLICT', status: 409, title: 'The state of things is against it' },
  unsupported: { code: 'UNSUPPORTED', status: 422, title: 'This is not supported here' },
  'limit-exceeded': { code: 'LIMIT_EXCEEDED', status: 422, title: 'A limit is exceeded' },
  'rate-limited': { code: 'RATE_LIMITED', status: 429, title: 'Too many requests' },
  'remote-denied': { code: 'REMOTE_DENIED', status: 424, title: 'The platform refused us' },
  unavailable: { code: 'UNAVAILABLE', status: 503, title: 'Something we depend on does not answer' },
  invariant: { code: 'INTERNAL', status: 500, title: 'Something went wrong inside' },
} as const satisfies Record<ErrorCategory, { code: ApiErrorCode; status: number; title: string }>;
