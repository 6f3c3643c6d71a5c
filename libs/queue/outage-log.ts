import type { Logger } from '#core';
import { bareError } from './store-down.js';

/** Says once that a store is gone and once that it is back, however often both are noticed. */
export class OutageLog {
  private away = false;

  constructor(
    private readonly logger: Logger,
    private readonly store: string,
  ) {}

  down(error: unknown): void {
    if (this.away) return;
    this.away = true;
    this.logger.warn(
      { err: bareError(error), store: this.store },
      'the queue lost its store; it is tried again',
    );
  }

  up(): void {
    if (!this.away) return;
    this.away = false;
    this.logger.info({ store: this.store }, 'the queue has its store again');
  }
}
