import type { CredentialSecret } from '#core';
import type { DeliveryRecord } from '../records/delivery.js';
import type {
  ChannelKind,
  News,
  NotificationChannelRecord,
  NotificationEvent,
} from '../records/notification.js';

/** Tells workers that a channel has deliveries due. Losing every job is harmless: `RecoverWork` enqueues again. */
export interface DeliveryQueue {
  enqueue(channelId: string): Promise<void>;
}

export interface NotificationChannelStore {
  /** By name. There are few. */
  list(): Promise<readonly NotificationChannelRecord[]>;
  find(id: string): Promise<NotificationChannelRecord | null>;
  /** Holds the row until the transaction ends. */
  findByName(name: string): Promise<NotificationChannelRecord | null>;
  /** What is sealed under the channel's id. */
  sealed(id: string): Promise<string | null>;
  /** Makes the channel with this id, or changes it. Switched off, what it has queued is FAILED. Throws NAME_TAKEN. */
  save(channel: {
    readonly id: string;
    readonly name: string;
    readonly kind: ChannelKind;
    readonly events: readonly NotificationEvent[];
    readonly enabled: boolean;
    readonly address: string;
    readonly sealed: string;
  }): Promise<NotificationChannelRecord>;
  /** Switches it off, and what it has queued is FAILED for that reason; false when it was off or is gone. */
  disable(id: string): Promise<boolean>;
  /** With its deliveries; false when there is none. */
  remove(id: string): Promise<boolean>;
}

export interface NotificationDeliveryStore {
  /**
   * One delivery for each channel that is enabled and wants the event, once per cause however often it is told.
   * @param cause what happened, by id: `scan:…`
   * @returns the channels that have one more
   */
  add(cause: string, news: News, scanIds: readonly string[]): Promise<readonly string[]>;
  /** Channels with something due. */
  dueChannels(): Promise<readonly string[]>;
  /**
   * The channel's delivery that waits longest for its time; its attempt counts one up. It is due again after `leaseMs` unless it is settled
   * before: its worker was lost then. null: nothing is due, or the channel is switched off.
   */
  claim(channelId: string, leaseMs: number): Promise<ClaimedDelivery | null>;
  /** false: it was claimed or asked for again in the meantime, and stays as it is. */
  settle(claim: Pick<ClaimedDelivery, 'id' | 'fence'>, result: DeliveryResult): Promise<boolean>;
  /** A worker that stops gives it back: it is due, and the attempt does not count. */
  release(claim: Pick<ClaimedDelivery, 'id' | 'fence'>): Promise<void>;
  /** Due at once, with all its attempts anew; null when there is none. */
  redeliver(id: string): Promise<{ readonly delivery: DeliveryRecord; readonly channelId: string } | null>;
  channelOf(id: string): Promise<string | null>;
  /** Removes what was settled and is older. */
  trim(before: Date): Promise<void>;
  /** The score that the next one of the target is compared with; null: none yet. Holds the row until the transaction ends. */
  scoreMark(targetId: string): Promise<number | null>;
  setScoreMark(targetId: string, score: number): Promise<void>;
}

export interface ClaimedDelivery {
  readonly id: string;
  readonly fence: number;
  /** 1 for the first. */
  readonly attempt: number;
  readonly at: Date;
  readonly news: News;
  readonly channel: {
    readonly id: string;
    readonly name: string;
    readonly kind: ChannelKind;
    readonly sealed: string;
  };
}

export type DeliveryResult = { readonly responseCode: number | null } & (
  | { readonly status: 'DELIVERED' }
  | { readonly status: 'FAILED'; readonly error: string }
  | { readonly status: 'QUEUED'; readonly error: string; readonly retryInMs: number }
);

/** What is sealed of a channel: its address, and a webhook's secret. */
export type ChannelSecret = CredentialSecret & { readonly address: string };

export interface OutgoingMessage {
  /** The delivery's: the same at every attempt, so that a receiver knows what it has already. */
  readonly id: string;
  /** When it happened. */
  readonly at: Date;
  readonly news: News;
}

/** How an attempt ended. Nothing of what the other side wrote but a code. */
export interface SendOutcome {
  /** REFUSED: trying again changes nothing. GONE: the other side wants no more. */
  readonly kind: 'DELIVERED' | 'RETRY' | 'REFUSED' | 'GONE';
  readonly responseCode: number | null;
  /** null when delivered. */
  readonly reason: string | null;
  /** What the other side asked for. */
  readonly retryAfterMs: number | null;
}

export interface NotificationSender {
  /**
   * The part of an address that may be shown.
   * @throws HygieneError INPUT_INVALID for what is no address, ADDRESS_REFUSED, OPERATION_UNSUPPORTED when there is no mail server
   */
  check(kind: ChannelKind, address: string): Promise<string>;
  /** One attempt, in bounded time. @param signing the keys of a webhook, the newest first @throws when `signal` aborts */
  send(
    kind: ChannelKind,
    address: string,
    message: OutgoingMessage,
    options: { readonly signing: readonly Uint8Array[]; readonly signal: AbortSignal },
  ): Promise<SendOutcome>;
}
