import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { selfSigned } from './registry-servers/index.js';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Came over TLS. */
  readonly encrypted: boolean;
  /** Who signed in. */
  readonly user: string | null;
  /** As it was sent: header and body. */
  readonly raw: string;
}

export interface MailServer {
  readonly port: number;
  /** PEM: whoever shall trust the server takes it for an authority. */
  readonly certificate: string;
  readonly mails: readonly ReceivedMail[];
  close(): Promise<void>;
}

export interface MailServerSettings {
  /** Whoever signs in otherwise is refused, and so is who does not; null: nobody needs to. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** STARTTLS is not offered, and nothing is encrypted. */
  readonly plain?: boolean;
  /** SMTP code and words with which a recipient is refused. */
  readonly refuse?: (recipient: string) => { readonly code: number; readonly words: string } | null;
  readonly more?: SMTPServerOptions;
}

/** A real mail server on 127.0.0.1 that keeps what it gets. */
export async function startMailServer(settings: MailServerSettings): Promise<MailServer> {
  const { login, plain = false, refuse = () => null, more = {} } = settings;
  const { key, certificate } = selfSigned();
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    key,
    cert: certificate,
    authOptional: login === null,
    disabledCommands: plain ? ['STARTTLS'] : [],
    disableReverseLookup: true,
    logger: false,
    onAuth({ username, password }, _session, done) {
      if (username === login?.user && password === login?.password) done(null, { user: username });
      else done(Object.assign(new Error('wrong user or password'), { responseCode: 535 }));
    },
    onRcptTo({ address }, _session, done) {
      const refused = refuse(address);
      done(refused === null ? null : Object.assign(new Error(refused.words), { responseCode: refused.code }));
    },
    onData(stream, session, done) {
      text(stream).then(
        (raw) => {
          const { mailFrom, rcptTo } = session.envelope;
          mails.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            encrypted: session.secure,
            user: typeof session.user === 'string' ? session.user : null,
            raw,
          });
          done();
        },
        // Whoever went away in the middle of a mail has sent none.
        (error: Error) => done(error),
      );
    },
    ...more,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return { port, certificate, mails, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
