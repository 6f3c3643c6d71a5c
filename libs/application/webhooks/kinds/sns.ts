import { readJson, textAt } from '../read-json.js';
import type { DeliveryRequest } from '../delivery-request.js';
import { equalTexts } from '../signatures/equal-bytes.js';
import { isSignedBy, signedText, signingCertificateUrl } from '../signatures/sns-signature.js';
import { awsEventContent, awsEventName, isAwsEvent } from './aws-event.js';
import type { DeliveryContent, Proof, WebhookKindSpec } from './webhook-kind.js';

/** SNS tries for an hour at most. https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html */
const OLDEST_MS = 65 * 60 * 1_000;
const AHEAD_MS = 5 * 60 * 1_000;

/**
 * Messages of the one topic, signed by AWS. Everything that can be refused is refused before the certificate is fetched; `SubscribeURL` never
 * is.
 */
export const sns: WebhookKindSpec = {
  makeSecret: null,
  authenticate: async ({ body }, proof) => {
    const message = jsonOrNull(body);
    const text = signedText(message);
    const signature = textAt(message, 'Signature');
    const url = signingCertificateUrl(textAt(message, 'SigningCertURL') ?? textAt(message, 'SigningCertUrl'));
    if (text === null || signature === null || url === null) return false;
    if (textAt(message, 'SignatureVersion') !== '2' || !isExpected(message, proof)) return false;
    return isSignedBy(await proof.certificates.certificate(url), text, signature, proof.now);
  },
  parse: ({ body }) => {
    const message = readJson(body);
    const type = textAt(message, 'Type') ?? 'Notification';
    return {
      event: type === 'Notification' ? eventIn(message) : type,
      deliveryId: textAt(message, 'MessageId'),
      content: contentIn(message, type),
    };
  },
};

function isExpected(message: unknown, { topicArn, now }: Proof): boolean {
  const age = now.getTime() - Date.parse(textAt(message, 'Timestamp') ?? '');
  return (
    topicArn !== null &&
    equalTexts(textAt(message, 'TopicArn') ?? '', topicArn) &&
    age <= OLDEST_MS &&
    age >= -AHEAD_MS
  );
}

function contentIn(message: unknown, type: string): DeliveryContent {
  if (type === 'SubscriptionConfirmation') {
    const [topic, token] = [textAt(message, 'TopicArn') ?? '', textAt(message, 'Token') ?? ''];
    return {
      type: 'confirmation',
      instruction: `Confirm within three days: aws sns confirm-subscription --topic-arn ${shellSafe(topic)} --token ${shellSafe(token)}`,
    };
  }
  if (type === 'UnsubscribeConfirmation')
    return { type: 'other', reason: 'the subscription has ended; nothing comes from this topic any more' };
  const inner = innerOf(message);
  return isAwsEvent(inner) ? awsEventContent(inner) : { type: 'everything' };
}

function eventIn(message: unknown): string {
  const inner = innerOf(message);
  return isAwsEvent(inner) ? awsEventName(inner) : (textAt(message, 'Subject') ?? 'Notification');
}

/** A topic that EventBridge publishes to carries its events as text. */
function innerOf(message: unknown): unknown {
  return jsonOrNull(Buffer.from(textAt(message, 'Message') ?? ''));
}

function jsonOrNull(body: DeliveryRequest['body']): unknown {
  try {
    return readJson(body);
  } catch {
    return null;
  }
}

/** It is to be pasted into a shell. */
function shellSafe(text: string): string {
  return text.replace(/[^A-Za-z0-9:._/+=-]/g, '').slice(0, 1_000);
}
