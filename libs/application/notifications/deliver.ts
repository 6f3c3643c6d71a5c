import { HygieneError, type Logger } from '#core';
import type {
  ClaimedDelivery,
  DeliveryQueue,
  DeliveryResult,
  NotificationSender,
  SendOutcome,
} from '../ports/notifications.js';
import type { Clock, SecretBox } from '../ports/services.js';
import type { Database } from '../ports/stores.js';
import { openChannel, signingKeys } from './channel-secret.js';
import { Notify } from './notify.js';
import { MOST_ATTEMPTS, pauseAfter } from './retry-schedule.js';

/** Longer than any attempt takes: after this time its worker counts as lost. */
const LEASE_MS = 30_000;

export interface DeliverDependencies {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly notificationSender: NotificationSender;
  readonly deliveryQueue: DeliveryQueue;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * One attempt at one delivery of a channel, the one that is due the longest; when more is due the channel stands in line again, behind the
 * others: a channel has one attempt in hand at most, and a slow one holds nobody up. A job only says "look".
 */
export class Deliver {
  private readonly notify: Notify;

  constructor(private readonly deps: DeliverDependencies) {
    this.notify = new Notify(deps);
  }

  /** @param drain aborts when this process has to stop; the delivery in hand is due again */
  async execute(channelId: string, drain: AbortSignal): Promise<void> {
    const { notificationDeliveries } = this.deps.database.stores;
    const claimed = await notificationDeliveries.claim(channelId, LEASE_MS);
    if (claimed === null) return;
    const outcome = await this.attempt(claimed, drain);
    if (outcome === null) return notificationDeliveries.release(claimed);
    await this.settle(claimed, outcome);
    const due = await notificationDeliveries.dueChannels();
    if (due.includes(channelId)) await this.notify.dispatch([channelId]);
  }

  /** null: this process stops. */
  private async attempt(claimed: ClaimedDelivery, drain: AbortSignal): Promise<SendOutcome | null> {
    const { secretBox, notificationSender, clock, logger } = this.deps;
    const { id, at, news, channel, attempt } = claimed;
    if (attempt > MOST_ATTEMPTS)
      return refused(`It was started ${attempt - 1} times and its worker was lost; see the workers' logs.`);
    try {
      const secret = openChannel(secretBox, channel.sealed, channel.id);
      const signing = signingKeys(secret, clock.now());
      const options = { signing, signal: drain };
      return await notificationSender.send(channel.kind, secret.address, { id, at, news }, options);
    } catch (error) {
      if (drain.aborted) return null;
      if (error instanceof HygieneError && error.category !== 'invariant') return later(error.message);
      logger.error(
        { err: error, deliveryId: id, channelId: channel.id },
        'a delivery met an unexpected fault',
      );
      return later('A fault of Tagward itself; the log has the details.');
    }
  }

  private async settle(claimed: ClaimedDelivery, outcome: SendOutcome): Promise<void> {
    const { database, clock, logger } = this.deps;
    const { id, attempt, channel } = claimed;
    const result = resultOf(outcome, attempt);
    const { settled, disabled } = await database.transaction(async (stores) => {
      const held = await stores.notificationDeliveries.settle(claimed, result);
      const off = held && outcome.kind === 'GONE' && (await stores.notificationChannels.disable(channel.id));
      if (off)
        await stores.audit.append({
          actor: 'system',
          action: 'notification-channel.disable',
          subject: `notification-channel:${channel.id}`,
          details: { name: channel.name, deliveryId: id, responseCode: outcome.responseCode },
          at: clock.now(),
        });
      return { settled: held, disabled: off };
    });
    const fields = { deliveryId: id, channelId: channel.id, attempt, responseCode: outcome.responseCode };
    if (disabled) logger.warn(fields, 'a notification channel is gone for good and was switched off');
    else if (result.status === 'DELIVERED')
      logger.info({ ...fields, settled }, 'a notification was delivered');
    else logger.warn({ ...fields, settled, reason: result.error }, 'a notification was not delivered');
  }
}

function resultOf(outcome: SendOutcome, attempt: number): DeliveryResult {
  const { responseCode, reason, retryAfterMs } = outcome;
  if (outcome.kind === 'DELIVERED') return { status: 'DELIVERED', responseCode };
  const error = reason ?? 'It was not accepted.';
  if (outcome.kind === 'GONE')
    return { status: 'FAILED', responseCode, error: `${error} The channel was switched off.` };
  if (outcome.kind === 'REFUSED') return { status: 'FAILED', responseCode, error };
  const retryInMs = pauseAfter(attempt, retryAfterMs, Math.random());
  if (retryInMs !== null) return { status: 'QUEUED', responseCode, error, retryInMs };
  return { status: 'FAILED', responseCode, error: `${error} It was tried ${attempt} times.` };
}

function refused(reason: string): SendOutcome {
  return { kind: 'REFUSED', responseCode: null, reason, retryAfterMs: null };
}

function later(reason: string): SendOutcome {
  return { kind: 'RETRY', responseCode: null, reason, retryAfterMs: null };
}
