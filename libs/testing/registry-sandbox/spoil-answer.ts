import { digestOf } from '../registry-content/index.js';
import { jsonBytes, type Answer } from './answer.js';
import { NONSENSE_TAGS } from './nonsense-tags.js';
import type { ReceivedRequest } from './received-request.js';
import type { BadLink, InjectedRegistryFault, RegistryFaultKind } from './registry-faults.js';
import type { Sink } from './sink.js';

interface Spoiling {
  readonly answer: Answer;
  readonly fault: InjectedRegistryFault;
  readonly request: ReceivedRequest;
  readonly elsewhere: Sink;
}

const SPOILERS: Readonly<Partial<Record<RegistryFaultKind, (spoiling: Spoiling) => Answer>>> = {
  redirect: ({ answer, fault, elsewhere }) => ({
    status: fault.status ?? 307,
    headers: { location: fault.to ?? elsewhere.keep(answer) },
    body: Buffer.alloc(0),
  }),
  'wrong-digest-header': ({ answer, fault }) =>
    withHeader(answer, 'docker-content-digest', fault.digest ?? digestOf(Buffer.from('another'))),
  'wrong-bytes': ({ answer }) => ({ ...answer, body: otherBytes(answer.body) }),
  link: ({ answer, ...rest }) => withHeader(answer, 'link', `<${nextOf(rest)}>; rel="next"`),
  'bad-tags': ({ answer, fault }) => withEntries(answer, (tags) => fault.tags ?? [...NONSENSE_TAGS, ...tags]),
  duplicates: ({ answer }) => withEntries(answer, (entries) => entries.flatMap((entry) => [entry, entry])),
  unsorted: ({ answer }) => withEntries(answer, (entries) => [...entries].reverse()),
  'empty-list': ({ answer }) =>
    withHeader(
      withEntries(answer, () => []),
      'link',
      null,
    ),
};

/** A good answer made bad; the same answer when the fault is about how it goes out. */
export function spoiled(spoiling: Spoiling): Answer {
  return SPOILERS[spoiling.fault.kind]?.(spoiling) ?? spoiling.answer;
}

/** Valid JSON stays valid: only the case of one letter is changed, where there is one. */
function otherBytes(body: Buffer): Buffer {
  const other = Buffer.from(body);
  const at = other.findIndex((byte) => byte >= 0x61 && byte <= 0x7a);
  if (at >= 0) other[at] = (other[at] ?? 0) - 0x20;
  else other.fill(0x20, 0, 1);
  return other;
}

/** Of a tag list or of a catalog. */
function withEntries(answer: Answer, change: (entries: readonly unknown[]) => readonly unknown[]): Answer {
  const parsed = JSON.parse(answer.body.toString()) as Record<string, unknown>;
  const key = 'repositories' in parsed ? 'repositories' : 'tags';
  const entries = Array.isArray(parsed[key]) ? (parsed[key] as readonly unknown[]) : [];
  return { ...answer, body: jsonBytes({ ...parsed, [key]: change(entries) }) };
}

function nextOf({ fault, request, elsewhere }: Omit<Spoiling, 'answer'>): string {
  const { target, pathname, query } = request;
  const last = query.get('last');
  const next: Readonly<Record<BadLink, string>> = {
    self: target,
    circle: `${pathname}?last=${last === 'a' ? 'b' : 'a'}`,
    fresh: `${pathname}?last=page-${fault.fired}`,
    numeric: `${pathname}?last=${Number(last ?? 0) + 1_000}&n=1000`,
    'cross-origin': `${elsewhere.url}${pathname}?last=a`,
    'protocol-relative': `${elsewhere.url.replace(/^https?:/, '')}${pathname}?last=a`,
  };
  return next[fault.link ?? 'self'];
}

/** Links after which this server begins again from the first entry, whatever `last` says. */
export function beginsAgain({ kind, link }: InjectedRegistryFault): boolean {
  return kind === 'link' && (link === 'fresh' || link === 'numeric');
}

function withHeader(answer: Answer, name: string, value: string | null): Answer {
  const headers = Object.entries(answer.headers).filter(([other]) => other !== name);
  const added = value === null ? [] : [[name, value] as const];
  return { ...answer, headers: Object.fromEntries([...headers, ...added]) };
}
