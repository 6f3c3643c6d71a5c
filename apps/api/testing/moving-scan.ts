import type { OperationHandlers, ScanRecord } from '#application';
import type { ApiFixture } from './api-fixture.js';
import { sampleScan } from './sample-records.js';

/** A scan that a spec moves on by hand. Only `s1`, and only for who may see the target `t1`. */
export class MovingScan {
  record: ScanRecord | null = {
    ...sampleScan('s1', 't1'),
    status: 'RUNNING',
    progress: { done: 0, total: 9 },
  };
  readonly handlers: Partial<OperationHandlers> = {
    scan: async (viewer, { id }) =>
      id === 's1' && (viewer.targetIds?.includes('t1') ?? true) ? this.record : null,
    startScan: async () => this.record as ScanRecord,
  };

  move(api: ApiFixture, change: Partial<ScanRecord>): void {
    this.record = { ...(this.record as ScanRecord), ...change };
    this.tell(api);
  }

  remove(api: ApiFixture): void {
    this.record = null;
    this.tell(api);
  }

  finish(api: ApiFixture): void {
    this.move(api, { status: 'SUCCEEDED', progress: { done: 9, total: 9 }, finishedAt: new Date() });
  }

  private tell(api: ApiFixture): void {
    for (const look of api.watchers.get('s1') ?? []) look();
  }
}

export const watchersOf = (api: ApiFixture): number => api.watchers.get('s1')?.size ?? 0;
