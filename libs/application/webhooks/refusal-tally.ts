import type { UseCaseDependencies } from '../use-case-context.js';

const AUDIT_EVERY_MS = 60_000;

/**
 * Counts deliveries without a good signature. Nobody waits for it: an answer that took longer would tell that the webhook exists. While one
 * count is written the others gather, so that a flood is a few statements.
 */
export class RefusalTally {
  private readonly waiting = new Map<string, number>();
  private writing: Promise<void> | null = null;

  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock' | 'logger'>) {}

  add(webhookId: string): void {
    this.waiting.set(webhookId, (this.waiting.get(webhookId) ?? 0) + 1);
    this.writing ??= this.writeAll().finally(() => (this.writing = null));
  }

  /** Resolves when nothing is left to write. */
  async settled(): Promise<void> {
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    for (let [next] = this.waiting; next !== undefined; [next] = this.waiting) {
      const [webhookId, count] = next;
      this.waiting.delete(webhookId);
      try {
        await this.write(webhookId, count);
      } catch (error) {
        this.deps.logger.warn({ err: error, webhookId, count }, 'refused deliveries could not be counted');
      }
    }
  }

  private async write(webhookId: string, count: number): Promise<void> {
    const { database, clock } = this.deps;
    const at = clock.now();
    await database.transaction(async (stores) => {
      const counted = await stores.webhooks.countRefused(webhookId, count, at, AUDIT_EVERY_MS);
      if (counted === null || !counted.audit) return;
      await stores.audit.append({
        actor: 'webhook',
        action: 'webhook.refuse',
        subject: `webhook:${webhookId}`,
        details: { refusedDeliveries: counted.total },
        at,
      });
    });
  }
}
