import { WatchScan } from '#application';
import type { ApiDependencies } from '../api-dependencies.js';
import { LiveSessions } from './live-sessions.js';
import { Slots, type SlotLimits } from './slots.js';

export interface LiveLimits {
  /** Subscriptions, event streams and waiting requests. */
  readonly streams: SlotLimits;
  /** WebSockets, each with as many subscriptions as the streams of its token allow. */
  readonly sockets: SlotLimits;
}
export const LIVE_LIMITS: LiveLimits = {
  streams: { of: 'live streams', perToken: 50, total: 1_000 },
  sockets: { of: 'WebSockets', perToken: 20, total: 500 },
};

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
