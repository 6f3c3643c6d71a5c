/** What a tag object or commit says of itself. */
export interface ObjectFacts {
  readonly created: Date | null;
  /** `Name <mail>`; null when the object does not say. */
  readonly tagger: string | null;
  readonly message: string;
  readonly signed: boolean;
}

const MESSAGE_KEPT = 4_096;
/** A tag object ends with its signature: OpenPGP, ssh or X.509. https://git-scm.com/docs/signature-format */
const SIGNATURE = /^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----$/m;
/** The latest moment that a Date holds, in seconds. */
const LATEST = 8_640_000_000_000;

/** null: neither a tag object nor a commit (a tag may point at a file or a folder), which says nothing of when and who. */
export function parseObject(type: string, content: Buffer): ObjectFacts | null {
  if (type !== 'tag' && type !== 'commit') return null;
  const gap = content.indexOf('\n\n');
  const head = content.subarray(0, gap < 0 ? content.length : gap);
  const headers = headersOf(head.toString('latin1'));
  const text = decode(gap < 0 ? Buffer.alloc(0) : content.subarray(gap + 2), headers.get('encoding'));
  const signature = type === 'tag' ? text.search(SIGNATURE) : -1;
  const who = decode(
    Buffer.from(headers.get(type === 'tag' ? 'tagger' : 'committer') ?? '', 'latin1'),
    headers.get('encoding'),
  );
  return {
    ...identity(who),
    message: messageOf(signature < 0 ? text : text.slice(0, signature)),
    signed: type === 'tag' && (signature >= 0 || headers.has('gpgsig') || headers.has('gpgsig-sha256')),
  };
}

/** The first value of each header; lines that go on begin with a blank and are not needed. */
function headersOf(head: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of head.split('\n')) {
    const blank = line.indexOf(' ');
    if (blank > 0 && !headers.has(line.slice(0, blank)))
      headers.set(line.slice(0, blank), line.slice(blank + 1));
  }
  return headers;
}

/** `Name <mail> 1700000000 +0100` */
function identity(line: string): Pick<ObjectFacts, 'created' | 'tagger'> {
  const [, who = '', seconds = ''] = /^(.*>) ?(-?\d{1,14})?(?: [+-]\d+)?$/.exec(line) ?? [];
  const at = seconds === '' ? NaN : Number(seconds);
  return {
    created: Math.abs(at) <= LATEST ? new Date(at * 1_000) : null,
    tagger: who.trim() === '' ? null : who.trim(),
  };
}

/** NUL is taken out: no database keeps it in a text. */
function messageOf(text: string): string {
  return text.replaceAll('\0', '').trimEnd().slice(0, MESSAGE_KEPT).toWellFormed();
}

function decode(bytes: Buffer, encoding: string | undefined): string {
  if (encoding === undefined || /^utf-?8$/i.test(encoding)) return bytes.toString('utf8');
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    // An encoding that nobody knows: the text is shown as well as it can be.
    return bytes.toString('latin1');
  }
}
