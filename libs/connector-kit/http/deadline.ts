import type { HygieneError } from '#core';
import { cancelled } from '../streams/cancellation.js';
import { timedOut, translateHttpFault } from './http-fault.js';
import type { HttpRequest } from './http-request.js';

/** One clock for the whole exchange; what ends it is said in the caller's words. */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private late = false;
  private readonly onAbort = (): void => this.controller.abort(cancelled());

  constructor(private readonly request: HttpRequest) {
    const { signal, limits } = request;
    this.timer = setTimeout(() => {
      this.late = true;
      this.controller.abort(timedOut(request.what, request.url.origin));
    }, limits.totalMs);
    if (signal.aborted) this.onAbort();
    else signal.addEventListener('abort', this.onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  end(): void {
    clearTimeout(this.timer);
    this.request.signal.removeEventListener('abort', this.onAbort);
  }

  /** Ends the clock, and says what the fault was. */
  explain(fault: unknown): HygieneError {
    this.end();
    if (this.request.signal.aborted) return cancelled();
    if (this.late) return timedOut(this.request.what, this.request.url.origin);
    return translateHttpFault(fault, this.request.what, this.request.url.origin);
  }
}
