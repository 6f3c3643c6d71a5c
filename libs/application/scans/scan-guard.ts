import { HygieneError, type Logger } from '#core';

const BEAT_MS = 1_000;

export type StopReason = 'cancelled' | 'lost' | 'draining';

export interface Beat {
  readonly owned: boolean;
  readonly cancelRequested: boolean;
}

/**
 * Holds a running scan, or one scope of it: renews its ownership once a second and stops the work when the scan is cancelled, taken
 * over by another worker, or when this process drains.
 */
export class ScanGuard {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private beating: Promise<void> = Promise.resolve();
  private reason: StopReason | null = null;

  constructor(
    private readonly scanId: string,
    private readonly renew: () => Promise<Beat>,
    private readonly logger: Logger,
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
      const { owned, cancelRequested } = await this.renew();
      if (!owned) this.stop('lost');
      else if (cancelRequested) this.stop('cancelled');
    } catch (error) {
      // One missed beat is harmless: the scan is given up by others only after many.
      this.logger.warn({ err: error, scanId: this.scanId }, 'a scan could not renew its ownership');
    }
  }

  private stop(reason: StopReason): void {
    if (this.reason !== null) return;
    this.reason = reason;
    this.controller.abort(new HygieneError('CANCELLED', `The scan was stopped: ${reason}.`));
  }
}
