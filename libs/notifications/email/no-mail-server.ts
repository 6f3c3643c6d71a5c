import { HygieneError } from '#core';
import type { SendOutcome } from '#application';
import type { ChannelSender } from '../channel-sender.js';

const MEND = 'No mail can be sent: the operator sets TAGWARD_SMTP_URL and TAGWARD_SMTP_FROM first.';

/** E-mail of a service without a mail server: no channel is made, and what an earlier one has queued waits. */
export class NoMailServer implements ChannelSender {
  check(): Promise<string> {
    return Promise.reject(new HygieneError('OPERATION_UNSUPPORTED', MEND));
  }

  send(): Promise<SendOutcome> {
    return Promise.resolve({ kind: 'RETRY', responseCode: null, reason: MEND, retryAfterMs: null });
  }
}
