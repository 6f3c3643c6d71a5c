import { AsyncLocalStorage } from 'node:async_hooks';

/** What belongs to the request being served, for places that no argument reaches (Apollo's error formatter). */
export interface RequestScope {
  readonly requestId: string;
}

const storage = new AsyncLocalStorage<RequestScope>();

export function enterRequestScope(scope: RequestScope, next: () => void): void {
  storage.run(scope, next);
}

/** `-` outside of a request. */
export function currentRequestId(): string {
  return storage.getStore()?.requestId ?? '-';
}
