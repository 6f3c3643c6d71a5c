import type { ScanSignals } from '#application';
import type { ConnectionOptions } from '../connection/guarded-pool.js';
import type { Db } from '../connection/transactions.js';
import { ListenConnection, type ListenTimes } from './listen-connection.js';
import { Lookers } from './lookers.js';

const CHANGES = 'tagward_scans';
const STOPS = 'tagward_scan_stops';
const POLL_EVERY_MS = 1_000;

/**
 * Signals by LISTEN on one connection of this process beside its pool, made when the first is asked for. Behind it one query a second for
 * all scans that are watched, however many watch them: a notice that was lost costs a second.
 */
export class PostgresScanSignals implements ScanSignals {
  private readonly changes = new Lookers();
  private readonly stops = new Lookers();
  private readonly connection: ListenConnection;
  /** What the last poll saw of each scan. */
  private known = new Map<string, string>();
  private timer: NodeJS.Timeout | null = null;
  private polling = false;
  private pollFails = false;
  private closed = false;

  constructor(
    private readonly db: Db,
    private readonly options: ConnectionOptions,
    times?: ListenTimes,
  ) {
    const hear = (channel: string, id: string): void =>
      (channel === STOPS ? this.stops : this.changes).tell(id);
    this.connection = new ListenConnection(options, [CHANGES, STOPS], hear, times);
  }

  onChange(scanId: string, look: () => void): () => void {
    if (this.closed) return () => {};
    this.connection.start();
    const end = this.changes.add(scanId, look);
    this.timer ??= setInterval(() => void this.poll(), POLL_EVERY_MS);
    return () => {
      end();
      if (this.changes.size === 0) this.rest();
    };
  }

  onStop(scanId: string, look: () => void): () => void {
    if (this.closed) return () => {};
    this.connection.start();
    return this.stops.add(scanId, look);
  }

  /** Nothing is told any more; closing twice is harmless. */
  close(): void {
    this.closed = true;
    this.rest();
    this.connection.close();
  }

  private rest(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.known.clear();
  }

  private async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    try {
      const seen = await this.read(this.changes.ids);
      const before = this.known;
      this.known = seen;
      // Of a scan that is seen for the first time a change may have been missed; one that is gone is told, too.
      for (const id of this.changes.ids) if (before.get(id) !== seen.get(id)) this.changes.tell(id);
      this.pollFails = false;
    } catch (error) {
      if (!this.pollFails && !this.closed)
        this.options.logger?.warn({ err: error }, 'scans that are watched cannot be read; it is tried again');
      this.pollFails = true;
    } finally {
      this.polling = false;
    }
  }

  private async read(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.db
      .selectFrom('tagward.scan')
      .select(['id', 'status', 'progress_done', 'progress_total', 'resources', 'tags'])
      .where('id', 'in', ids.length === 0 ? [''] : ids)
      .execute();
    return new Map(rows.map(({ id, ...state }) => [id, Object.values(state).join(' ')]));
  }
}
