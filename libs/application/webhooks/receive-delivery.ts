import { HygieneError } from '#core';
import type { WebhookReceiver } from '../ports/webhook-store.js';
import type { WebhookDeliveryStatus } from '../records/webhook-delivery.js';
import type { UseCaseDependencies } from '../use-case-context.js';
import { concernedTargets, type Concern } from './concerned-targets.js';
import { DeliveryLog } from './delivery-log.js';
import { DeliveryRate } from './delivery-rate.js';
import type { DeliveryRequest } from './delivery-request.js';
import { GroupedCalls } from './grouped-calls.js';
import { WEBHOOK_KIND_SPECS } from './kinds/catalog.js';
import type { DeliveryContent, ParsedDelivery } from './kinds/webhook-kind.js';
import { RefusalTally } from './refusal-tally.js';
import { Hmac } from './signatures/hmac.js';
import { checkStandardHeaders } from './signatures/standard-webhooks.js';

const ACCEPTED = 202;
const BAD_REQUEST = 400;
/** Webhooks that are looked up in one query. */
const MOST_AT_ONCE = 200;

type Dependencies = Pick<
  UseCaseDependencies,
  'database' | 'connectors' | 'scanQueue' | 'secretBox' | 'certificates' | 'clock' | 'logger'
>;

/**
 * Takes what a sender delivers: proves who sent it, notes it, asks for scans of what it is about. The payload is a hint: nothing in it becomes a
 * fact, and no address in it is asked.
 */
export class ReceiveDelivery {
  private readonly rate = new DeliveryRate();
  private readonly refusals: RefusalTally;
  private readonly log: DeliveryLog;
  private readonly receivers: GroupedCalls<string, WebhookReceiver | null>;
  private readonly sealedForNobody: string;

  constructor(private readonly deps: Dependencies) {
    this.refusals = new RefusalTally(deps);
    this.log = new DeliveryLog(deps);
    this.receivers = new GroupedCalls(async (ids) => {
      const found = await deps.database.stores.webhooks.receivers(ids);
      return ids.map((id) => found.get(id) ?? null);
    }, MOST_AT_ONCE);
    this.sealedForNobody = deps.secretBox.seal({ secret: 'x'.repeat(64) }, NOBODY);
  }

  /**
   * @throws HygieneError SIGNATURE_INVALID, the same for a webhook that is not there; INPUT_INVALID for what cannot be read; RATE_LIMITED;
   * DEPENDENCY_DOWN and others when it cannot be taken now, and may be sent again
   */
  async execute(request: DeliveryRequest): Promise<{ readonly scanIds: readonly string[] }> {
    checkStandardHeaders(request.headers);
    try {
      return await this.receive(request);
    } catch (error) {
      if (!(error instanceof HygieneError) || error.code !== 'NOT_FOUND') throw error;
      // A target, or the webhook itself, was removed meanwhile: what is left of them is read again.
      return this.receive(request);
    }
  }

  /** Resolves when every refused delivery is counted. */
  async settled(): Promise<void> {
    await this.refusals.settled();
  }

  private async receive(request: DeliveryRequest): Promise<{ readonly scanIds: readonly string[] }> {
    const receiver = await this.receivers.add(request.webhookId);
    if (!(await this.isAuthentic(request, receiver)) || receiver === null) {
      if (receiver !== null) this.refusals.add(receiver.webhook.id);
      throw unproven();
    }
    this.rate.take(receiver.webhook.id, this.deps.clock.now());
    return { scanIds: await this.note(request, receiver) };
  }

  private async isAuthentic(request: DeliveryRequest, receiver: WebhookReceiver | null): Promise<boolean> {
    const hmac = new Hmac();
    const secrets = this.secretsOf(receiver);
    const isAuthentic =
      receiver !== null &&
      (await WEBHOOK_KIND_SPECS[receiver.webhook.kind].authenticate(request, {
        ...{ secrets, hmac, topicArn: receiver.webhook.topicArn },
        now: this.deps.clock.now(),
        certificates: this.deps.certificates,
      }));
    if (!isAuthentic) hmac.spend(request.body);
    return isAuthentic;
  }

  /** An unknown webhook takes the time of one that is known. */
  private secretsOf(receiver: WebhookReceiver | null): string[] {
    const { secretBox, clock } = this.deps;
    if (receiver === null) {
      secretBox.open(this.sealedForNobody, NOBODY);
      return [];
    }
    const { webhook, sealedSecret, previousSecret } = receiver;
    const inGrace = webhook.previousSecretUntil !== null && webhook.previousSecretUntil > clock.now();
    return [sealedSecret, inGrace ? previousSecret : null].flatMap((sealed) =>
      sealed === null ? [] : this.opened(sealed, webhook.id),
    );
  }

  /** That this service cannot read its own secret is no fault of the sender's, who may try again once it is mended. */
  private opened(sealed: string, webhookId: string): string {
    try {
      const { secret } = this.deps.secretBox.open(sealed, webhookId);
      if (secret !== undefined && secret !== '') return secret;
      throw new TypeError('an empty secret');
    } catch (cause) {
      throw new HygieneError(
        'DEPENDENCY_DOWN',
        'The secret of this webhook cannot be opened: TAGWARD_SECRET_KEY is another than when it was stored.',
        { cause },
      );
    }
  }

  private async note(request: DeliveryRequest, receiver: WebhookReceiver): Promise<readonly string[]> {
    const { webhook, targets } = receiver;
    const noted = { webhookId: webhook.id, at: this.deps.clock.now() };
    let parsed: ParsedDelivery;
    try {
      parsed = WEBHOOK_KIND_SPECS[webhook.kind].parse(request);
    } catch (error) {
      if (!(error instanceof HygieneError)) throw error;
      const refused = {
        event: 'unreadable',
        deliveryId: null,
        concerns: [],
        responseCode: BAD_REQUEST,
      } as const;
      await this.log.add({ ...noted, ...refused, status: 'REFUSED', error: error.message });
      throw error;
    }
    const { event, deliveryId, content } = parsed;
    const concerns = concernedTargets(targets, content, this.deps.connectors);
    return this.log.add({
      ...{ ...noted, event, deliveryId, concerns, responseCode: ACCEPTED },
      ...outcomeOf(content, concerns),
    });
  }
}

/** No id that is made here. */
const NOBODY = 'nobody';

function outcomeOf(
  content: DeliveryContent,
  concerns: readonly Concern[],
): { status: WebhookDeliveryStatus; error: string | null } {
  if (content.type === 'ping') return { status: 'PING', error: null };
  if (content.type === 'confirmation') return { status: 'CONFIRMATION', error: content.instruction };
  if (content.type === 'other') return { status: 'IGNORED', error: content.reason };
  if (concerns.length > 0) return { status: 'ACCEPTED', error: null };
  const about = content.type === 'resources' ? content.resources.flatMap(({ names }) => names[0] ?? []) : [];
  return {
    status: 'IGNORED',
    error: `none of its targets holds ${about.slice(0, 5).join(', ') || 'anything'}`,
  };
}

function unproven(): HygieneError {
  return new HygieneError(
    'SIGNATURE_INVALID',
    'The delivery is not signed with the secret of this address, is too old, or the address is none of ours.',
  );
}
