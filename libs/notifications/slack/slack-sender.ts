import type { OutgoingMessage, SendOutcome } from '#application';
import { type ChannelSender, delivered, type SendOptions } from '../channel-sender.js';
import { type HttpPost, isAnswer, refusal } from '../http/http-post.js';
import { wordingOf } from '../wording/wording.js';
import { slackMessage } from './slack-message.js';

const GONE = 410;
/** Of the 4xx these pass by themselves: a timeout, and too many messages. */
const PASSING = new Set([408, 425, 429]);

/** Slack's incoming webhooks, and whatever takes the same messages. The URL is the secret. */
export class SlackSender implements ChannelSender {
  constructor(
    private readonly post: HttpPost,
    private readonly publicUrl: string,
  ) {}

  check(address: string): Promise<string> {
    return this.post.check(address);
  }

  async send(address: string, { news }: OutgoingMessage, { signal }: SendOptions): Promise<SendOutcome> {
    const body = JSON.stringify(slackMessage(wordingOf(news, this.publicUrl)));
    const result = await this.post.send(address, { body, signal });
    if (!isAnswer(result)) return result;
    const { status } = result;
    if (status >= 200 && status < 300) return delivered(status);
    if (status === GONE) return refusal('GONE', result);
    return refusal(status >= 400 && status < 500 && !PASSING.has(status) ? 'REFUSED' : 'RETRY', result);
  }
}
