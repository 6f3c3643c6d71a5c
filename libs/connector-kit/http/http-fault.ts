import { HygieneError } from '#core';

const NETWORK =
  /^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|EPIPE|ETIMEDOUT|EADDR|UND_ERR_SOCKET|UND_ERR_CONNECT_TIMEOUT)/;
const TLS =
  /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO|HOSTNAME_MISMATCH|CRL_|ERROR_IN_CERT)/;
const SLOW = /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/;

/** A fault of the HTTP client in Tagward's words. A HygieneError anywhere in it (the guard's refusal, a limit) stays what it is. */
export function translateHttpFault(fault: unknown, what: string, origin: string): HygieneError {
  const own = findHygieneError(fault);
  if (own !== null) return own;
  const code = codeOf(fault);
  const place = `${what} at ${origin}`;
  if (TLS.test(code))
    return new HygieneError(
      'REMOTE_UNREACHABLE',
      `No trusted connection to ${origin} for ${what} (${code}). Mend the server's certificate, or give the target the certificate of your own authority.`,
    );
  if (SLOW.test(code)) return timedOut(what, origin);
  if (NETWORK.test(code))
    return new HygieneError(
      'REMOTE_UNREACHABLE',
      `Could not reach ${place} (${code}). Check the address, DNS and the firewalls between Tagward and it.`,
    );
  return new HygieneError(
    'REMOTE_REPLY_INVALID',
    `The reply to ${place} is no HTTP that Tagward can read (${code}). Check what answers at that address.`,
  );
}

export function timedOut(what: string, origin: string): HygieneError {
  return new HygieneError(
    'REMOTE_TIMEOUT',
    `${origin} did not give ${what} in time. Try again; if it stays, check the server and the network to it.`,
  );
}

export function tooLarge(what: string, origin: string, maxBytes: number): HygieneError {
  const most = maxBytes >= 1_048_576 ? `${Math.floor(maxBytes / 1_048_576)} MiB` : `${maxBytes} bytes`;
  return new HygieneError(
    'REMOTE_REPLY_INVALID',
    `${origin} sent more than ${most} for ${what}; reading stopped. Check what answers at that address.`,
  );
}

function findHygieneError(fault: unknown): HygieneError | null {
  for (let inner = fault, depth = 0; inner instanceof Error && depth < 6; inner = inner.cause, depth += 1) {
    if (inner instanceof HygieneError) return inner;
    if (inner instanceof AggregateError)
      for (const one of inner.errors) if (one instanceof HygieneError) return one;
  }
  return null;
}

/** The first code that says something, from the outside in; only words that look like a code leave this file. */
function codeOf(fault: unknown): string {
  for (let inner = fault, depth = 0; inner instanceof Error && depth < 6; inner = inner.cause, depth += 1) {
    const many = inner instanceof AggregateError ? (inner.errors as unknown[]) : [];
    for (const one of [inner, ...many]) {
      const { code } = one as { code?: unknown };
      if (typeof code === 'string' && /^[A-Z0-9_]{3,60}$/.test(code) && code !== 'UND_ERR') return code;
    }
  }
  return 'no code';
}
