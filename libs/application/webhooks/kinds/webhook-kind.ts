import type { Platform, ResourceHint } from '#core';
import type { CertificateSource } from '../../ports/certificate-source.js';
import type { DeliveryRequest } from '../delivery-request.js';
import type { Hmac } from '../signatures/hmac.js';

/** One kind of sender: how it proves itself, and what its events say. */
export interface WebhookKindSpec {
  /** null: it has no secret, its sender signs with a key of its own. */
  readonly makeSecret: (() => string) | null;
  /**
   * Is it the sender's, unchanged, and not too old? Never throws for what is sent.
   * @throws HygieneError when it cannot be found out now
   */
  authenticate(request: DeliveryRequest, proof: Proof): boolean | Promise<boolean>;
  /** Reads a request that is authentic. @throws HygieneError INPUT_INVALID when it is not what the kind sends */
  parse(request: Pick<DeliveryRequest, 'headers' | 'body'>): ParsedDelivery;
}

export interface Proof {
  /** Good ones, the current one first. */
  readonly secrets: readonly string[];
  readonly topicArn: string | null;
  readonly now: Date;
  readonly hmac: Hmac;
  readonly certificates: CertificateSource;
}

export interface ParsedDelivery {
  /** In the sender's words. */
  readonly event: string;
  /** By which the sender knows it again; null: by nothing. */
  readonly deliveryId: string | null;
  readonly content: DeliveryContent;
}

export type DeliveryContent =
  | { readonly type: 'ping' }
  /** Somebody has to do something. */
  | { readonly type: 'confirmation'; readonly instruction: string }
  /** Something changed, and it is not said where. */
  | { readonly type: 'everything' }
  | { readonly type: 'resources'; readonly resources: readonly NamedResource[] }
  /** It says nothing of tags. */
  | { readonly type: 'other'; readonly reason: string };

/** A resource by the names that a sender gives it: any of them may be the target's. */
export interface NamedResource extends Omit<ResourceHint, 'name'> {
  /** null: on any. */
  readonly platform: Platform | null;
  readonly names: readonly string[];
}
