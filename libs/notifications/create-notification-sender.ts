import type { ChannelKind, NotificationSender } from '#application';
import type { OutboundPolicy } from '#core';
import type { ChannelSender } from './channel-sender.js';
import { EmailSender } from './email/email-sender.js';
import { NoMailServer } from './email/no-mail-server.js';
import { HttpPost } from './http/http-post.js';
import { SlackSender } from './slack/slack-sender.js';
import { WebhookSender } from './webhook/webhook-sender.js';

export interface NotificationSettings {
  readonly outbound: OutboundPolicy;
  /** Where links lead. */
  readonly publicUrl: string;
  /** null: no e-mail. */
  readonly smtp: { readonly url: string; readonly from: string } | null;
}

/** Sends by webhook, to Slack and what takes its messages, and by e-mail. */
export function createNotificationSender({
  outbound,
  publicUrl,
  smtp,
}: NotificationSettings): NotificationSender {
  const post = new HttpPost(outbound);
  const senders: Readonly<Record<ChannelKind, ChannelSender>> = {
    WEBHOOK: new WebhookSender(post, publicUrl),
    SLACK: new SlackSender(post, publicUrl),
    EMAIL: smtp === null ? new NoMailServer() : new EmailSender(smtp, publicUrl),
  };
  return {
    check: (kind, address) => senders[kind].check(address),
    send: (kind, address, message, options) => senders[kind].send(address, message, options),
  };
}
