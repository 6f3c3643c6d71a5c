import type { Logger } from '#core';

/** Something a worker does now and then, never twice at once. What it throws is logged, and it is done again at its next time. */
export class Chore {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;

  constructor(
    private readonly name: string,
    private readonly run: () => Promise<void>,
    private readonly logger: Logger,
  ) {}

  start(everyMs: number): void {
    this.timer = setInterval(() => {
      this.running ??= this.once();
    }, everyMs);
  }

  /** Waits for a run in hand. */
  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.running;
  }

  private async once(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      this.logger.warn({ err: error }, `${this.name} failed; it is tried again`);
    } finally {
      this.running = null;
    }
  }
}
