import type { Logger } from '#core';
import { Notify } from '../notifications/notify.js';
import { notifyScan } from '../notifications/notify-scan.js';
import type { DeliveryQueue } from '../ports/notifications.js';
import type { Clock, LaneQueue, ReportQueue, ScanQueue } from '../ports/services.js';
import type { Database } from '../ports/stores.js';
import { LANES, MAX_ATTEMPTS, STALE_AFTER_MS } from './scan-limits.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Facts of content that no scan asked for in this time are of content that is gone. */
const CONTENT_KEPT_MS = 180 * DAY_MS;

/**
 * Rebuilds the queue from the database: the truth is there, jobs may be lost at any time. Also ends suppressions whose time is over, and, once
 * a day, forgets content that nobody has any more and details that are over for long.
 */
export class RecoverWork {
  private tidiedAt = -Infinity;
  private readonly notify: Notify;

  constructor(
    private readonly deps: {
      database: Database;
      scanQueue: ScanQueue;
      laneQueue: LaneQueue;
      reportQueue: ReportQueue;
      deliveryQueue: DeliveryQueue;
      clock: Clock;
      /** Milliseconds that details of what is over are kept. */
      detailsKeptMs: number;
      logger: Logger;
    },
  ) {
    this.notify = new Notify(deps);
  }

  /** @param staleAfterMs 0 at the start of the only worker: whatever runs was left by a process that is gone */
  async execute(staleAfterMs = STALE_AFTER_MS): Promise<void> {
    const { database, scanQueue, laneQueue, reportQueue, deliveryQueue, clock } = this.deps;
    const { scans, scanScopes, reports, findings, targets, notificationDeliveries } = database.stores;
    // Scopes before scans: one whose last scope ends here waits for an owner.
    for (const scanId of await scanScopes.recover(staleAfterMs, MAX_ATTEMPTS))
      for (let lane = 0; lane < LANES; lane++) await laneQueue.enqueue({ scanId, lane });
    await this.failLost(staleAfterMs);
    for (const targetId of await scans.recover(staleAfterMs, MAX_ATTEMPTS)) await scanQueue.enqueue(targetId);
    for (const reportId of await reports.unfinished()) await reportQueue.enqueue(reportId);
    for (const channelId of await notificationDeliveries.dueChannels())
      await deliveryQueue.enqueue(channelId);
    const now = clock.now();
    for (const targetId of await findings.expireSuppressions(now)) await targets.refreshScore(targetId, now);
    await this.tidy();
  }

  /** Who waits for a scan hears of its end, whoever ended it. */
  private async failLost(staleAfterMs: number): Promise<void> {
    const told = await this.deps.database.transaction(async (stores) => {
      const channels: string[] = [];
      for (const scan of await stores.scans.failLost(staleAfterMs, MAX_ATTEMPTS)) {
        const target = await stores.targets.find(scan.targetId);
        channels.push(...(await notifyScan(this.notify, stores, scan, target)));
      }
      return channels;
    });
    await this.notify.dispatch(told);
  }

  private async tidy(): Promise<void> {
    const { database, clock } = this.deps;
    const now = clock.now().getTime();
    if (now - this.tidiedAt < DAY_MS) return;
    const { content, scans, schedules, idempotency, notificationDeliveries, scores, webhooks } =
      database.stores;
    await content.trim(new Date(now - CONTENT_KEPT_MS));
    const before = new Date(now - this.deps.detailsKeptMs);
    await schedules.trim(before);
    await scans.trim(before);
    await idempotency.trim(before);
    await notificationDeliveries.trim(before);
    await scores.trim(before);
    await webhooks.trim(before);
    this.tidiedAt = now;
  }
}
