import { HygieneError, type Logger } from '#core';
import type { ScanProgress, ScanStore } from '../ports/stores.js';

const BEAT_MS = 1_000;

export type StopReason = 'cancelled' | 'lost' | 'draining';

/**
 * Holds a running scan: renews its ownership once a second and stops the work when the scan is cancelled, taken over by
 * another worker, or when this process drains.
 */
export class ScanGuard {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private beating: Promise<void> = Promise.resolve();
  private reason: StopReason | null = null;

  constructor(
    private readonly scans: ScanStore,
    private readonly logger: Logger,
    private readonly hold: { scanId: string; owner: string; progress: () => ScanProgress },
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
    this.timer = setInterval(() => {
      this.beating = this.beating.then(() => this.beat());
    }, BEAT_MS);
  }

  async end(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.beating;
  }

  private async beat(): Promise<void> {
    if (this.reason !== null) return;
    try {
      const { owned, cancelRequested } = await this.scans.heartbeat(
        this.hold.scanId,
        this.hold.owner,
        this.hold.progress(),
      );
      if (!owned) this.stop('lost');
      else if (cancelRequested) this.stop('cancelled');
    } catch (error) {
      // One missed beat is harmless: the scan is given up by others only after many.
      this.logger.warn({ err: error, scanId: this.hold.scanId }, 'a scan could not renew its ownership');
    }
  }

  private stop(reason: StopReason): void {
    if (this.reason !== null) return;
    this.reason = reason;
    this.controller.abort(new HygieneError('CANCELLED', `The scan was stopped: ${reason}.`));
  }
}
