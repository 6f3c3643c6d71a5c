import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Envelope } from './email-message.js';
import type { SmtpSettings } from './smtp-settings.js';

const CONNECT_MS = 10_000;
const SILENCE_MS = 15_000;

/**
 * One message over one connection.
 * @returns the code of the server's answer
 * @throws errors of nodemailer's, with the server's words in their message; the signal's reason when it aborts
 */
export async function smtpDelivery(
  { auth, ...server }: SmtpSettings,
  envelope: Envelope,
  message: Buffer,
  signal: AbortSignal,
): Promise<number> {
  const connection = new SMTPConnection({
    ...server,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    socketCloseTimeout: 1_000,
    tls: { minVersion: 'TLSv1.2' },
  });
  const { promise: broken, reject } = Promise.withResolvers<never>();
  // Rejected after the end of a conversation it concerns nobody.
  broken.catch(() => undefined);
  connection.on('error', reject);
  connection.on('end', () => reject(new Error('the connection was closed')));
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const code = await Promise.race([broken, converse(connection, auth, envelope, message)]);
    connection.quit();
    return code;
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function converse(
  connection: SMTPConnection,
  auth: SmtpSettings['auth'],
  { from, to }: Envelope,
  message: Buffer,
): Promise<number> {
  await step<void>((done) => connection.connect((error) => done(error ?? null)));
  if (auth !== null) await step<unknown>((done) => connection.login({ ...auth }, done));
  const envelope = { from, to: [to], size: message.length };
  const sent = await step<SMTPConnection.SentMessageInfo>((done) => connection.send(envelope, message, done));
  return Number(/^\d{3}/.exec(sent.response)?.[0] ?? 250);
}

function step<T>(run: (done: (error: Error | null, result?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    run((error, result) => (error === null ? resolve(result as T) : reject(error)));
  });
}
