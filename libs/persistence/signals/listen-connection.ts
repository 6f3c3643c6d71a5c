import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { ConnectionOptions } from '../connection/guarded-pool.js';
import { translateError } from '../connection/postgres-errors.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** A connection that was cut without a word shows only when it is asked something. */
const PROBE_EVERY_MS = 10_000;
const PROBE_TIMEOUT_MS = 5_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

export interface ListenTimes {
  readonly probeEveryMs: number;
  readonly probeTimeoutMs: number;
}

/**
 * One connection that does nothing but LISTEN, and is made anew whenever it is lost: by an error, by the server, or silently. What is
 * told while there is none is lost. Poolers that share a session between clients do not pass notices on: then none ever comes.
 */
export class ListenConnection {
  private readonly closing = new AbortController();
  private running: Promise<void> | null = null;
  private socket: Socket | null = null;
  private failures = 0;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly channels: readonly string[],
    private readonly onNotice: (channel: string, payload: string) => void,
    private readonly times: ListenTimes = { probeEveryMs: PROBE_EVERY_MS, probeTimeoutMs: PROBE_TIMEOUT_MS },
  ) {}

  /** Starts listening, once; never throws. */
  start(): void {
    this.running ??= this.run();
  }

  /** Nothing is told any more. */
  close(): void {
    this.closing.abort();
    this.socket?.destroy();
  }

  private async run(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const error = await this.listen().catch((cause: unknown) => cause);
      if (this.closing.signal.aborted) return;
      if (this.failures === 0) {
        const err = translateError(error);
        this.options.logger?.warn({ err }, 'the connection that hears of scans was lost; it is made again');
      }
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS);
      this.failures += 1;
      await delay(pause * (0.5 + Math.random()), undefined, { signal: this.closing.signal }).catch(() => {});
    }
  }

  /** Ends, by throwing, when the connection is lost. */
  private async listen(): Promise<never> {
    const socket = new Socket();
    this.socket = socket;
    const client = new pg.Client({ ...this.clientConfig(), stream: () => socket });
    const lost = Promise.withResolvers<never>();
    client.on('error', (error) => lost.reject(error));
    client.on('end', () => lost.reject(new Error('Connection terminated')));
    client.on('notification', ({ channel, payload }) => this.onNotice(channel, payload ?? ''));
    // It may be rejected before anybody waits for it.
    lost.promise.catch(() => {});
    try {
      await Promise.race([client.connect(), lost.promise]);
      await client.query(this.channels.map((channel) => `listen ${channel}`).join('; '));
      if (this.failures > 0)
        this.options.logger?.info({}, 'the connection that hears of scans is there again');
      this.failures = 0;
      for (;;) {
        await Promise.race([
          delay(this.times.probeEveryMs, undefined, { signal: this.closing.signal }),
          lost.promise,
        ]);
        await client.query('select 1');
      }
    } finally {
      // Not `end`: it would wait for a server that may be out of reach.
      socket.destroy();
    }
  }

  private clientConfig(): pg.ClientConfig {
    const { poolConfig, connectionString } = this.options;
    return {
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      ...poolConfig,
      ...(connectionString === undefined ? {} : { connectionString }),
      application_name: 'tagward signals',
      keepAlive: true,
      query_timeout: this.times.probeTimeoutMs,
    };
  }
}
