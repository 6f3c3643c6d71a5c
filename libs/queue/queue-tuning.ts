/** Times that only tests change. */
export interface QueueTuning {
  /** A worker that gave no sign for this long has lost its job. Milliseconds. */
  readonly lockMs: number;
  /** How often lost jobs are looked for; one is found at the second look. Milliseconds. */
  readonly lostJobCheckMs: number;
  /** The first pause before a failed job is tried again. Milliseconds. */
  readonly firstRetryMs: number;
}

export const QUEUE_TUNING: QueueTuning = { lockMs: 30_000, lostJobCheckMs: 15_000, firstRetryMs: 1_000 };
