import type { SlotLimits } from './slots.js';

/** Of connections that stay open, in one process. */
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
