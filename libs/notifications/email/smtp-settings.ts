/** The mail server, as its URL says. */
export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** Nothing is sent before STARTTLS. */
  readonly requireTLS: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | null;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;
const SUBMISSION_PORT = 587;
const TLS_PORT = 465;

/** Only to this machine itself may a message travel without TLS. RFC 8314 and RFC 6409 have the ports. */
export function smtpSettings(text: string): SmtpSettings {
  const url = new URL(text);
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const { username, password } = url;
  return {
    host,
    port: Number(url.port) || (secure ? TLS_PORT : SUBMISSION_PORT),
    secure,
    requireTLS: !secure && !LOOPBACK.test(host),
    auth: username === '' ? null : { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
  };
}
