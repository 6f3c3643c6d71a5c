import { WatchScan } from '#application';
import type { ApiDependencies } from '../api-dependencies.js';
import { LiveSessions } from './live-sessions.js';
import { LIVE_LIMITS } from './live-limits.js';
import { Slots } from './slots.js';

/** What the doors that stay open share: who is connected, how many, and the scans they follow. */
export class Live {
  readonly sessions: LiveSessions;
  readonly streams: Slots;
  readonly sockets: Slots;
  readonly scans: WatchScan;

  constructor({
    authenticate,
    operations,
    signals,
    live: { limits = LIVE_LIMITS, checkTokensEveryMs } = {},
  }: Pick<ApiDependencies, 'authenticate' | 'operations' | 'signals' | 'live'>) {
    this.sessions = new LiveSessions(authenticate, checkTokensEveryMs);
    this.streams = new Slots(limits.streams);
    this.sockets = new Slots(limits.sockets);
    this.scans = new WatchScan({ operations, signals });
  }
}
