import type { DeliveryQueue, LaneQueue, LaneRef, ReportQueue, ScanQueue } from '#application';

export interface WorkerHandlers {
  /** Scans run at the same time by this process, at least 1, and as many lanes of scans beside them. Reports are made one at a time. */
  readonly concurrency: number;
  /**
   * Resolves when nothing is left to do for the target. What it throws decides by its category whether and when it is
   * called again. @param signal aborts when this process drains, or when another worker took the job over
   */
  scan(targetId: string, signal: AbortSignal): Promise<void>;
  /** As `scan`, for one lane of a scan: it looks for scopes to read, and enqueues itself again when it leaves some. */
  lane(lane: LaneRef, signal: AbortSignal): Promise<void>;
  /** As `scan`, for one report. */
  report(reportId: string, signal: AbortSignal): Promise<void>;
  /** As `scan`, for one channel of notifications: it sends what is due the longest, and enqueues itself again when more is. */
  delivery(channelId: string, signal: AbortSignal): Promise<void>;
}

/**
 * Work that waits, in PostgreSQL or Redis. A job carries an id and nothing else: the facts are in the database, and losing
 * every job is harmless. Jobs run at least once. Enqueuing an id whose job waits adds none; enqueuing it while its job
 * runs makes one more job, which starts after the running one has ended: no two jobs of one id run at the same time.
 */
export interface WorkQueue {
  readonly scans: ScanQueue;
  readonly lanes: LaneQueue;
  readonly reports: ReportQueue;
  readonly deliveries: DeliveryQueue;
  /** Call once. @throws HygieneError DEPENDENCY_DOWN when the store does not answer */
  startWorkers(handlers: WorkerHandlers): Promise<void>;
  /** Takes no further job, aborts the signals of running ones and waits for them, `timeoutMs` at most. What then still runs is left to other workers. */
  drain(timeoutMs: number): Promise<void>;
  /** Answers within 2 s. @throws HygieneError DEPENDENCY_DOWN when the store does not */
  ping(): Promise<void>;
  /** Drains for a short while, then closes every connection. Closing twice is harmless. */
  close(): Promise<void>;
}
