import type { OutgoingMessage, SendOutcome } from '#application';
import { ATTEMPT_MS, type ChannelSender, delivered, type SendOptions } from '../channel-sender.js';
import { emailMessage } from './email-message.js';
import { parseMailbox } from './mailbox.js';
import { smtpDelivery } from './smtp-delivery.js';
import { type SmtpSettings, smtpSettings } from './smtp-settings.js';

/** What a certificate that is not trusted comes as: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const TLS_FAULT = /CERT|^(ERR_TLS|ERR_SSL|EPROTO$|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** E-mail over the operator's mail server. */
export class EmailSender implements ChannelSender {
  private readonly settings: SmtpSettings;

  constructor(
    private readonly smtp: { readonly url: string; readonly from: string },
    private readonly publicUrl: string,
  ) {
    this.settings = smtpSettings(smtp.url);
  }

  check(address: string): Promise<string> {
    return Promise.resolve(address).then(parseMailbox);
  }

  async send(address: string, message: OutgoingMessage, { signal }: SendOptions): Promise<SendOutcome> {
    const envelope = { from: this.smtp.from, to: parseMailbox(address) };
    const bytes = await emailMessage(message, envelope, this.publicUrl);
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]);
    try {
      return delivered(await smtpDelivery(this.settings, envelope, bytes, bounded));
    } catch (error) {
      signal.throwIfAborted();
      return bounded.aborted ? noAnswer() : outcomeOf(error);
    }
  }
}

/** RFC 5321, 4.2.1: 4yz may pass, 5yz stays. That we may not sign in is nothing about the message: it waits for the operator. */
function outcomeOf(error: unknown): SendOutcome {
  const { code, originalCode, responseCode } = error as Record<string, unknown>;
  const answered = typeof responseCode === 'number' && responseCode >= 400 ? responseCode : null;
  const lasting = answered !== null && answered >= 500 && code !== 'EAUTH';
  return {
    kind: lasting ? 'REFUSED' : 'RETRY',
    responseCode: answered,
    reason: reasonOf(String(code), String(originalCode ?? code), answered),
    retryAfterMs: null,
  };
}

/** @param cause the system's code, where nodemailer's says only that a socket broke */
function reasonOf(code: string, cause: string, answered: number | null): string {
  const said = answered === null ? '' : ` (${answered})`;
  switch (TLS_FAULT.test(cause) ? 'ETLS' : code) {
    case 'EAUTH':
      return `The mail server takes no sign-in with the user and password of TAGWARD_SMTP_URL${said}.`;
    case 'ETLS':
      return 'No encrypted connection to the mail server: check its certificate, and that it offers STARTTLS, or use smtps://.';
    case 'ETIMEDOUT':
      return 'The mail server did not answer in time.';
    case 'EENVELOPE':
      return `The mail server refused the sender or the recipient${said}.`;
    case 'EMESSAGE':
      return `The mail server refused the message${said}.`;
    default:
      return answered === null
        ? `The mail server cannot be reached (${/^[A-Z0-9_]{3,60}$/.test(cause) ? cause : 'the connection was closed'}).`
        : `The mail server answered ${answered}.`;
  }
}

function noAnswer(): SendOutcome {
  const reason = `The mail server did not finish within ${ATTEMPT_MS / 1_000} seconds.`;
  return { kind: 'RETRY', responseCode: null, reason, retryAfterMs: null };
}
