import { HygieneError } from '#core';

/** What an error of a driver may say in a log: drivers attach commands with passwords, and rows. */
export function bareError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const bare = Object.assign(new Error(error.message), code === undefined ? {} : { code });
  bare.name = error.name;
  return bare;
}

/** @param mend a sentence: what the operator has to look at */
export function storeDown(store: string, mend: string, cause: unknown): HygieneError {
  if (cause instanceof HygieneError) return cause;
  const bare = bareError(cause);
  const code = 'code' in bare ? String(bare.code) : '';
  const reason = bare.message === '' ? code : bare.message;
  return new HygieneError('DEPENDENCY_DOWN', `The queue's ${store} is not available (${reason}); ${mend}`, {
    cause: bare,
    retryAfterMs: 1_000,
  });
}
