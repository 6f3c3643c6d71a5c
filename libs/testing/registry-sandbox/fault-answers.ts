import { json, type Answer } from './answer.js';
import { OciError } from './oci-error.js';
import type { BadChallenge, InjectedRegistryFault, RegistryFaultKind } from './registry-faults.js';
import type { ReceivedRequest } from './received-request.js';

const ENDLESS_PAGE = 100;

type Failure = (fault: InjectedRegistryFault) => OciError;

const FAILURES: Readonly<Partial<Record<RegistryFaultKind, Failure>>> = {
  throttle: ({ retryAfter }) =>
    new OciError(429, 'TOOMANYREQUESTS', {
      headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
    }),
  error: ({ status = 500 }) => new OciError(status, 'UNKNOWN'),
  deny: ({ status = 403 }) => new OciError(status, 'DENIED'),
  'not-found': () => new OciError(404, 'MANIFEST_UNKNOWN'),
};

/** A failure in the registry's own words; null: this fault is none of those. */
export function failureOf(fault: InjectedRegistryFault): OciError | null {
  return FAILURES[fault.kind]?.(fault) ?? null;
}

/** An answer that is made up; null: this fault is none of those. */
export function madeUp(fault: InjectedRegistryFault, request: ReceivedRequest): Answer | null {
  if (fault.kind === 'html')
    return {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: Buffer.from('<html><body>Sign in to the network</body></html>'),
    };
  return fault.kind === 'endless-tags' ? endlessTags(request) : null;
}

function endlessTags({ pathname, query }: ReceivedRequest): Answer {
  const from = Number(/^endless-(\d+)$/.exec(query.get('last') ?? '')?.[1] ?? 0);
  const tags = Array.from({ length: ENDLESS_PAGE }, (_, n) => `endless-${from + n + 1}`);
  const next = `${pathname}?last=endless-${from + ENDLESS_PAGE}&n=${ENDLESS_PAGE}`;
  const [, name = ''] = /^\/v2\/(.+)\/tags\/list$/.exec(pathname) ?? [];
  return json({ name, tags }, { link: `<${next}>; rel="next"` });
}

export interface ChallengeParts {
  /** The realm that an honest challenge names. */
  readonly realm: string;
  readonly service: string;
  readonly scope: string;
  /** `http://HOST:PORT` of the other host. */
  readonly elsewhere: string;
}

/** One WWW-Authenticate header, or two. */
export function challengeHeader(kind: BadChallenge, parts: ChallengeParts): string | readonly string[] {
  const { realm, elsewhere, service, scope } = parts;
  const rest = `service="${service}",scope="${scope}"`;
  const bearer = (at: string): string => `Bearer realm="${at}",${rest}`;
  switch (kind) {
    case 'foreign-realm':
      return bearer(`${elsewhere}/token`);
    case 'http-realm':
      return bearer(realm.replace(/^https:/, 'http:'));
    case 'file-realm':
      return bearer('file:///etc/passwd');
    case 'userinfo-realm':
      return bearer(realm.replace('://', '://user:password@'));
    case 'no-realm':
      return `Bearer ${rest}`;
    case 'two':
      return [bearer(realm), bearer(`${elsewhere}/token`)];
  }
}
