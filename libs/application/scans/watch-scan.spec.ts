import { beforeEach, describe, expect, it, vi } from 'vitest';
import { HygieneError } from '#core';
import type { Viewer } from '../records/access.js';
import type { ScanRecord, ScanStatus } from '../records/scan.js';
import type { Operations } from '../operations/operations.js';
import { WatchScan } from './watch-scan.js';

const EVERY_MS = 40;
const viewer: Viewer = { subject: 'token:t', source: 'TOKEN', scopes: ['READ'], targetIds: null };

/** One scan in memory, and what tells of it. */
class Place {
  readonly watchers = new Set<() => void>();
  readonly readAt: number[] = [];
  fault: Error | null = null;
  scan: ScanRecord | null = { id: 's', status: 'QUEUED', progress: { done: 0, total: null } } as ScanRecord;

  readonly watch = new WatchScan(
    {
      operations: {
        run: async () => {
          this.readAt.push(performance.now());
          if (this.fault !== null) throw this.fault;
          return this.scan;
        },
      } as unknown as Operations,
      signals: {
        onChange: (_id, look) => {
          this.watchers.add(look);
          return () => this.watchers.delete(look);
        },
        onStop: () => () => {},
      },
    },
    EVERY_MS,
  );

  become(status: ScanStatus, done = 0): void {
    this.scan = { ...(this.scan as ScanRecord), status, progress: { done, total: null } };
    this.tell();
  }

  tell(): void {
    for (const look of this.watchers) look();
  }
}

const soon = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 2 });

describe('watching a scan', () => {
  let place: Place;
  beforeEach(() => {
    place = new Place();
  });

  it('gives the present state at once, then changes, and ends after the last', async () => {
    const seen: ScanStatus[] = [];
    const all = (async () => {
      for await (const { status } of place.watch.updates(viewer, 's')) seen.push(status);
    })();
    await soon(() => expect(seen).toEqual(['QUEUED']));
    place.become('RUNNING');
    await soon(() => expect(seen).toEqual(['QUEUED', 'RUNNING']));
    place.become('SUCCEEDED');
    await all;
    expect(seen).toEqual(['QUEUED', 'RUNNING', 'SUCCEEDED']);
    expect(place.watchers.size).toBe(0);
  });

  it('reads no more often than it may, however often it is told, and gives no state twice', async () => {
    const updates = place.watch.updates(viewer, 's');
    await updates.next();
    const second = updates.next();
    await soon(() => {
      place.tell();
      expect(place.readAt.length).toBeGreaterThan(4);
    });
    const gaps = place.readAt.slice(1).map((at, index) => at - (place.readAt[index] ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThan(EVERY_MS - 5);
    place.become('RUNNING', 7);
    expect((await second).value).toMatchObject({ progress: { done: 7 } });
    await updates.return();
  });

  it('gives a slow reader the newest state, not all of them', async () => {
    const updates = place.watch.updates(viewer, 's');
    await updates.next();
    for (let done = 1; done <= 50; done++) place.become('RUNNING', done);
    place.become('FAILED', 50);
    expect((await updates.next()).value).toMatchObject({ status: 'FAILED' });
    expect((await updates.next()).done).toBe(true);
  });

  it('ends while it waits when its reader leaves', async () => {
    const updates = place.watch.updates(viewer, 's');
    await updates.next();
    const waiting = updates.next();
    await updates.return();
    expect((await waiting).done).toBe(true);
    expect(place.watchers.size).toBe(0);
  });

  it('says that there is no scan, at first and later', async () => {
    const updates = place.watch.updates(viewer, 's');
    await updates.next();
    const next = updates.next();
    place.scan = null;
    place.tell();
    await expect(next).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(place.watch.updates(viewer, 's').next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(place.watchers.size).toBe(0);
  });

  it('waits an outage of the database out, and misses nothing of it', async () => {
    const updates = place.watch.updates(viewer, 's');
    await updates.next();
    const next = updates.next();
    place.fault = new HygieneError('DEPENDENCY_DOWN', 'away');
    place.become('SUCCEEDED');
    await soon(() => expect(place.readAt.length).toBe(2));
    place.fault = null;
    expect((await next).value).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('waits for the end, or as long as it may', async () => {
    const scan = place.scan as ScanRecord;
    const ended = place.watch.end(viewer, scan, new AbortController().signal);
    await soon(() => expect(place.watchers.size).toBe(1));
    place.become('PARTIAL');
    expect((await ended).status).toBe('PARTIAL');

    const other = new Place();
    const limit = new AbortController();
    const cut = other.watch.end(viewer, scan, limit.signal);
    await soon(() => expect(other.readAt.length).toBe(1));
    other.become('RUNNING', 3);
    await soon(() => expect(other.readAt.length).toBe(2));
    limit.abort();
    expect((await cut).progress.done).toBe(3);
    expect(other.watchers.size).toBe(0);
  });
});
