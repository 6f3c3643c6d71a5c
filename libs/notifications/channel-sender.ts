import type { OutgoingMessage, SendOutcome } from '#application';

/** No attempt takes longer. Milliseconds. */
export const ATTEMPT_MS = 15_000;

export interface SendOptions {
  /** The newest first; none for kinds that do not sign. */
  readonly signing: readonly Uint8Array[];
  readonly signal: AbortSignal;
}

/** One kind of channel. @see NotificationSender */
export interface ChannelSender {
  check(address: string): Promise<string>;
  send(address: string, message: OutgoingMessage, options: SendOptions): Promise<SendOutcome>;
}

export function delivered(responseCode: number): SendOutcome {
  return { kind: 'DELIVERED', responseCode, reason: null, retryAfterMs: null };
}
