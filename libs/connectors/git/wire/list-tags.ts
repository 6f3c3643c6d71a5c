import { HygieneError, type TagList } from '#core';
import { invalidReply } from '../errors.js';
import { capabilitiesOfV0, capabilitiesOfV2, headOfV0, type ServerCapabilities } from './capabilities.js';
import { ID_LENGTHS, isObjectId } from './object-format.js';
import { DELIMITER, FLUSH, pktLine } from './pkt-line.js';
import type { PktReader } from './pkt-reader.js';
import { TagBook, type ListingFaults } from './tag-book.js';
import { WIRE_LIMITS, type WireLimits } from './wire-limits.js';

/** One conversation with `git-upload-pack`, however it is carried. */
export interface UploadPack {
  /** What the server says first. */
  readonly advertisement: PktReader;
  /** Asks something in protocol 2; the reader of the answer. */
  ask(request: string): Promise<PktReader>;
  /** An error that the server reports in the protocol, in Tagward's words. */
  readonly reported: (message: string) => HygieneError;
  readonly place: string;
}

export interface TagListing {
  readonly capabilities: ServerCapabilities;
  /** The branch that HEAD names; null when the server does not say. */
  readonly head: string | null;
  readonly tags: TagList;
  /** Tags that are names for another ref, with that ref; at most 100 of them. */
  readonly symbolic: Readonly<Record<string, string>>;
  readonly faults: ListingFaults;
}

const SYMBOLIC_KEPT = 100;
const CAPABILITIES_MOST = 1_000;
const BLANK = 32;
const LETTER_E = 69;

/** Every tag of a repository, with what it peels to. https://git-scm.com/docs/protocol-v2#_ls_refs, https://git-scm.com/docs/pack-protocol */
export async function listTags(pack: UploadPack, limits: WireLimits = WIRE_LIMITS): Promise<TagListing> {
  const first = await firstLine(pack);
  if (first === 'version 2') return listByV2(pack, await readCapabilities(pack), limits);
  if (first === 'version 1') return listByV0(pack, (await firstLine(pack)) ?? '', { protocol: 1, limits });
  if (first === null) return emptyListing(pack);
  return listByV0(pack, first, { protocol: 0, limits });
}

/** What the server can do, without listing anything where it has protocol 2. */
export async function probe(pack: UploadPack): Promise<ServerCapabilities> {
  const first = await firstLine(pack);
  if (first === 'version 2') return readCapabilities(pack);
  const line = first === 'version 1' ? await firstLine(pack) : first;
  return capabilitiesOfV0(line?.split('\0')[1] ?? '', first === 'version 1' ? 1 : 0);
}

/** null: an empty packet, which is all that an old server says of an empty repository. */
async function firstLine({ advertisement, reported, place }: UploadPack): Promise<string | null> {
  let line: string | null = null;
  const end = await advertisement.section((bytes, from, to) => {
    line = bytes.toString('utf8', from, to);
    return false;
  });
  if (end === 'end') throw invalidReply(place, 'it says nothing');
  if (line !== null && (line as string).startsWith('ERR ')) throw reported(line);
  return line;
}

async function readCapabilities(pack: UploadPack): Promise<ServerCapabilities> {
  const lines: string[] = [];
  const end = await pack.advertisement.section((bytes, from, to) => {
    lines.push(bytes.toString('utf8', from, to));
    return lines.length < CAPABILITIES_MOST;
  });
  const capabilities = capabilitiesOfV2(lines);
  if (end !== 'flush') throw invalidReply(pack.place, 'its capabilities do not end');
  if (!capabilities.words.has('ls-refs')) throw invalidReply(pack.place, 'it has protocol 2 and no ls-refs');
  return capabilities;
}

async function listByV2(
  pack: UploadPack,
  capabilities: ServerCapabilities,
  limits: WireLimits,
): Promise<TagListing> {
  const book = new TagBook(capabilities.objectFormat, pack.place, limits);
  const symbolic: Record<string, string> = Object.create(null) as Record<string, string>;
  const reader = await pack.ask(lsRefs(capabilities));
  let head: string | null = null;
  let fault: string | null = null;
  const end = await reader.section((bytes, from, to) => {
    const nameEnd =
      bytes[from] === LETTER_E && startsWith(bytes, from, to, 'ERR ') ? -2 : book.take(bytes, from, to);
    if (nameEnd === -2) fault = bytes.toString('utf8', from, to);
    else if (nameEnd >= 0) takeAttributes(book, bytes.subarray(nameEnd, to), symbolic);
    else head ??= headOf(bytes, from, to);
    return fault === null;
  });
  if (fault !== null) throw pack.reported(fault);
  if (end !== 'flush') throw invalidReply(pack.place, 'its list of refs is cut off');
  return { capabilities, head, symbolic, ...book.close() };
}

function lsRefs({ words, objectFormat }: ServerCapabilities): string {
  const known = [
    ...(words.has('agent') ? ['agent=tagward'] : []),
    ...(words.has('object-format') ? [`object-format=${objectFormat}`] : []),
  ];
  const wanted = ['peel', 'symrefs', 'ref-prefix HEAD', 'ref-prefix refs/tags/'];
  const lines = (all: readonly string[]): string => all.map((one) => pktLine(`${one}\n`)).join('');
  return `${lines(['command=ls-refs', ...known])}${DELIMITER}${lines(wanted)}${FLUSH}`;
}

const PEELED = Buffer.from(' peeled:');
const SYMREF = Buffer.from(' symref-target:');

/** What follows the name: ` peeled:id` and ` symref-target:name`, in any order. */
function takeAttributes(book: TagBook, rest: Buffer, symbolic: Record<string, string>): void {
  for (let at = 0; at < rest.length;) {
    const blank = rest.indexOf(BLANK, at + 1);
    const end = blank < 0 ? rest.length : blank;
    if (isAt(rest, at, PEELED)) book.peel(rest, at + PEELED.length, end);
    else if (isAt(rest, at, SYMREF) && Object.keys(symbolic).length < SYMBOLIC_KEPT)
      symbolic[book.lastName] = rest.toString('utf8', at + SYMREF.length, Math.min(end, at + 1_024));
    at = end;
  }
}

function isAt(bytes: Buffer, at: number, word: Buffer): boolean {
  return bytes.compare(word, 0, word.length, at, Math.min(at + word.length, bytes.length)) === 0;
}

function headOf(bytes: Buffer, from: number, to: number): string | null {
  return (
    / HEAD symref-target:(\S+)/.exec(bytes.toString('utf8', from, Math.min(to, from + 1_024)))?.[1] ?? null
  );
}

interface V0 {
  readonly protocol: 0 | 1;
  readonly limits: WireLimits;
}

async function listByV0(pack: UploadPack, first: string, { protocol, limits }: V0): Promise<TagListing> {
  const [ref = '', said = ''] = first.split('\0');
  const capabilities = capabilitiesOfV0(said, protocol);
  const { objectFormat } = capabilities;
  if (
    !isObjectId(ref.slice(0, ID_LENGTHS[objectFormat]), objectFormat) &&
    !/^0+ capabilities\^\{\}$/.test(ref)
  )
    throw invalidReply(pack.place, 'it begins with no ref');
  const book = new TagBook(objectFormat, pack.place, limits);
  const take = (bytes: Buffer, from: number, to: number): void => takeV0(book, bytes, from, to);
  const line = Buffer.from(ref);
  if (!ref.endsWith(' capabilities^{}')) take(line, 0, line.length);
  const end = await pack.advertisement.section(take);
  if (end !== 'flush') throw invalidReply(pack.place, 'its list of refs is cut off');
  return { capabilities, head: headOfV0(said), symbolic: {}, ...book.close() };
}

/** A tag object's ref is followed by `id name^{}`, which says what it stands for. */
function takeV0(book: TagBook, bytes: Buffer, from: number, to: number): void {
  const peels = bytes[to - 1] === 0x7d && bytes.toString('latin1', to - 3, to) === '^{}';
  if (!peels) return void book.take(bytes, from, to);
  const blank = bytes.indexOf(BLANK, from);
  const name = bytes.toString('utf8', blank + 1, to - 3);
  if (name === `refs/tags/${book.lastName}`) book.peel(bytes, from, blank);
  else if (name.startsWith('refs/tags/')) book.refuse();
}

/** An old server says nothing at all of a repository without refs. */
function emptyListing({ place }: UploadPack): TagListing {
  const book = new TagBook('sha1', place);
  return { capabilities: capabilitiesOfV0('', 0), head: null, symbolic: {}, ...book.close() };
}

function startsWith(bytes: Buffer, from: number, to: number, text: string): boolean {
  return to - from >= text.length && bytes.toString('latin1', from, from + text.length) === text;
}
