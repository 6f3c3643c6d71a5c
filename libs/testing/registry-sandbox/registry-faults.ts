import type { Route } from './route.js';

/** When a fault strikes: before anything is checked, in place of the answer to who may ask, or on a good answer. */
export type FaultPhase = 'door' | 'instead' | 'answer';

interface FaultRule {
  readonly phase: FaultPhase;
  /** Left out: any path, that of the token server included. */
  readonly on?: readonly Route['kind'][];
}

const LISTS = ['tags', 'catalog'] as const;
const CONTENT = ['manifest', 'blob'] as const;

export const FAULTS = {
  /** 401 with a challenge that no honest registry sends; see `challenge`. */
  challenge: { phase: 'door' },
  /** 429. */
  throttle: { phase: 'instead' },
  /** 500, or `status`. */
  error: { phase: 'instead' },
  /** No answer at all. */
  hang: { phase: 'instead' },
  /** Closes the connection without a word. */
  drop: { phase: 'instead' },
  /** 200 and a page for people. */
  html: { phase: 'instead' },
  /** 403, or `status`: this one may not be read. */
  deny: { phase: 'instead' },
  /** 404 MANIFEST_UNKNOWN, as when a tag went between two requests. */
  'not-found': { phase: 'instead', on: ['manifest', 'blob', 'tags', 'referrers'] },
  /** 401 to a token that was good, which is good for nothing from now on. */
  'expire-token': { phase: 'instead', on: ['base', 'tags', 'catalog', ...CONTENT, 'referrers'] },
  /** Pages of new tags for ever. */
  'endless-tags': { phase: 'instead', on: ['tags'] },
  /** A body that starts like JSON and goes on for `bytes`. */
  huge: { phase: 'instead' },
  /** A small body that unpacks to `bytes`. */
  'gzip-bomb': { phase: 'instead' },
  /** To `to`, or to another host that has the answer and writes down what it was sent. */
  redirect: { phase: 'answer' },
  /** A byte every `ms`. */
  trickle: { phase: 'answer' },
  /** A part of the body, then the connection is gone. */
  truncate: { phase: 'answer' },
  /** A Docker-Content-Digest that is not the body's. */
  'wrong-digest-header': { phase: 'answer', on: CONTENT },
  /** Another body under the right digest, of the same length. */
  'wrong-bytes': { phase: 'answer', on: CONTENT },
  /** A Link that leads nowhere good; see `link`. */
  link: { phase: 'answer', on: LISTS },
  /** Tag names that are none; see `tags`. */
  'bad-tags': { phase: 'answer', on: ['tags'] },
  /** Every entry twice. */
  duplicates: { phase: 'answer', on: LISTS },
  /** In the order of nothing. */
  unsorted: { phase: 'answer', on: LISTS },
  /** An empty list, as of a registry that lost its disk. */
  'empty-list': { phase: 'answer', on: LISTS },
} as const satisfies Readonly<Record<string, FaultRule>>;

export type RegistryFaultKind = keyof typeof FAULTS;

/**
 * `self`: this very page again. `circle`: A, B, A, B. `fresh`: a new `last` each time, the same entries for ever. `numeric`: `last` is an
 * offset, which the server itself then takes for none. `cross-origin`: to the other host. `protocol-relative`: the same without a scheme.
 */
export type BadLink = 'self' | 'circle' | 'fresh' | 'numeric' | 'cross-origin' | 'protocol-relative';

/** `foreign-realm`: on the other host. `userinfo-realm`: with a user and a password in it. `two`: a second challenge beside the right one. */
export type BadChallenge =
  'foreign-realm' | 'http-realm' | 'file-realm' | 'userinfo-realm' | 'no-realm' | 'two';

export interface RegistryFaultRequest {
  readonly kind: RegistryFaultKind;
  /** What the path with its query starts with, or matches; every path when left out. */
  readonly path?: string | RegExp;
  readonly method?: string;
  /** How many requests it hits; all until it is cleared when left out. */
  readonly times?: number;
  /** So many requests that it would hit pass first. */
  readonly after?: number;
  /** `throttle`: a Retry-After header, as it is sent. */
  readonly retryAfter?: string;
  /** `error`, `deny`, `redirect`. */
  readonly status?: number;
  /** `trickle`: milliseconds between two bytes. */
  readonly ms?: number;
  /** `truncate`: the part of the body that is sent, 0 to 1; half when left out. */
  readonly part?: number;
  /** `huge`, `gzip-bomb`: how much; 64 MiB when left out. */
  readonly bytes?: number;
  /** `redirect`: where to. */
  readonly to?: string;
  /** `wrong-digest-header`: its value. */
  readonly digest?: string;
  readonly link?: BadLink;
  /** `challenge`: one of those, or a header as it is sent. */
  readonly challenge?: BadChallenge | { readonly header: string };
  /** `bad-tags`: the list instead; otherwise every kind of nonsense, before the tags that are there. */
  readonly tags?: readonly unknown[];
}

export interface InjectedRegistryFault extends RegistryFaultRequest {
  /** How many requests it hit: a test asserts that its fault happened. */
  fired: number;
  passed: number;
  /** `huge`, `gzip-bomb`, `trickle`: what was written before the client had enough, in bytes of the wire. */
  bytesSent: number;
}

export interface FaultSubject {
  readonly method: string;
  /** With its query. */
  readonly target: string;
  /** null: the token server, or no path of a registry. */
  readonly route: Route['kind'] | null;
}

/** The switches of the sandbox. */
export class RegistryFaults {
  private injected: InjectedRegistryFault[] = [];

  inject(request: RegistryFaultRequest): InjectedRegistryFault {
    const fault: InjectedRegistryFault = { ...request, fired: 0, passed: 0, bytesSent: 0 };
    this.injected.push(fault);
    return fault;
  }

  clear(): void {
    this.injected = [];
  }

  /** The first switch of this phase that applies to a request; counts it. */
  next(phase: FaultPhase, subject: FaultSubject): InjectedRegistryFault | null {
    for (const fault of this.injected.filter((one) => applies(one, phase, subject))) {
      if (fault.passed < (fault.after ?? 0)) {
        fault.passed += 1;
      } else {
        fault.fired += 1;
        return fault;
      }
    }
    return null;
  }
}

function applies(fault: InjectedRegistryFault, phase: FaultPhase, subject: FaultSubject): boolean {
  const rule: FaultRule = FAULTS[fault.kind];
  return (
    rule.phase === phase &&
    (rule.on === undefined || (subject.route !== null && rule.on.includes(subject.route))) &&
    (fault.method === undefined || fault.method === subject.method) &&
    (fault.times === undefined || fault.fired < fault.times) &&
    matches(fault.path, subject.target)
  );
}

function matches(path: string | RegExp | undefined, target: string): boolean {
  if (path === undefined) return true;
  return typeof path === 'string' ? target.startsWith(path) : path.test(target);
}
