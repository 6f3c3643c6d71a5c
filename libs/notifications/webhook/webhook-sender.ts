import type { OutgoingMessage, SendOutcome } from '#application';
import { type ChannelSender, delivered, type SendOptions } from '../channel-sender.js';
import { type HttpPost, isAnswer, refusal } from '../http/http-post.js';
import { signatureHeaders } from './sign.js';
import { webhookBody } from './webhook-body.js';

const GONE = 410;

/** Signed webhooks. Every answer but success is tried again, and 410 asks for no more of them. */
export class WebhookSender implements ChannelSender {
  constructor(
    private readonly post: HttpPost,
    private readonly publicUrl: string,
  ) {}

  check(address: string): Promise<string> {
    return this.post.check(address);
  }

  async send(
    address: string,
    message: OutgoingMessage,
    { signing, signal }: SendOptions,
  ): Promise<SendOutcome> {
    const body = webhookBody(message, this.publicUrl);
    const headers = signatureHeaders({ id: message.id, at: new Date(), body }, signing);
    const result = await this.post.send(address, { body, headers, signal });
    if (!isAnswer(result)) return result;
    if (result.status >= 200 && result.status < 300) return delivered(result.status);
    return refusal(result.status === GONE ? 'GONE' : 'RETRY', result);
  }
}
