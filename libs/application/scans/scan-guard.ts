import { HygieneError, type Logger } from '#core';
import type { ScanSignals } from '../ports/scan-signals.js';
import { STALE_AFTER_MS } from './scan-limits.js';

const BEAT_MS = 1_000;

export type StopReason = 'cancelled' | 'lost' | 'draining';

export interface Beat {
  readonly owned: boolean;
  readonly cancelRequested: boolean;
}

/**
 * Holds a running scan, or one scope of it: renews its ownership once a second, and at once when somebody wants the scan stopped; stops the
 * work when the scan is cancelled, taken over by another worker, or when this process drains. A worker that cannot renew for as long as others
 * wait before they take over has lost what it holds, whoever has it now.
 */
export class ScanGuard {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private unsubscribe: () => void = () => {};
  private beating: Promise<void> = Promise.resolve();
  private reason: StopReason | null = null;
  private renewedAt = performance.now();

  constructor(
    private readonly scanId: string,
    private readonly renew: () => Promise<Beat>,
    private readonly deps: { readonly signals: ScanSignals; readonly logger: Logger },
  ) {}

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get stopped(): StopReason | null {
    return this.reason;
  }

  start(drain: AbortSignal): void {
    const onDrain = (): void => this.stop('draining');
    if (drain.aborted) onDrain();
    else drain.addEventListener('abort', onDrain, { once: true, signal: this.controller.signal });
    const look = (): void => {
      this.beating = this.beating.then(() => this.beat());
    };
    this.timer = setInterval(() => {
      look();
      if (performance.now() - this.renewedAt > STALE_AFTER_MS) this.stop('lost');
    }, BEAT_MS);
    this.unsubscribe = this.deps.signals.onStop(this.scanId, look);
  }

  /** Waits for a beat in hand, unless what it would renew is lost: it may hang. */
  async end(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.unsubscribe();
    if (this.reason !== 'lost') await this.beating;
  }

  /** The work, or the fault that it was stopped, as soon as it is lost: what hangs is left behind. */
  async unlessLost<T>(work: Promise<T>): Promise<T> {
    const lost = Promise.withResolvers<never>();
    const give = () => this.reason === 'lost' && lost.reject(this.signal.reason);
    this.signal.addEventListener('abort', give, { once: true });
    if (this.signal.aborted) give();
    // One of the two may fail long after the other has decided.
    for (const promise of [work, lost.promise]) promise.catch(() => {});
    return Promise.race([work, lost.promise]);
  }

  private async beat(): Promise<void> {
    if (this.reason !== null) return;
    try {
      const { owned, cancelRequested } = await this.renew();
      this.renewedAt = performance.now();
      if (!owned) this.stop('lost');
      else if (cancelRequested) this.stop('cancelled');
    } catch (error) {
      // One missed beat is harmless: the scan is given up by others only after many.
      this.deps.logger.warn({ err: error, scanId: this.scanId }, 'a scan could not renew its ownership');
    }
  }

  private stop(reason: StopReason): void {
    if (this.reason !== null) return;
    this.reason = reason;
    if (reason === 'lost')
      this.deps.logger.warn({ scanId: this.scanId }, 'a scan was lost to another worker');
    this.controller.abort(new HygieneError('CANCELLED', `The scan was stopped: ${reason}.`));
  }
}
