/** Bytes of the longest string that is kept; longer ones are no names and are passed over without being held. */
const LONGEST_STRING = 1_024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const [COLON, COMMA] = [0x3a, 0x2c];

/** What a list tells: a text, or null for an element that is no string or too long to be a name. */
export type TakeName = (name: string | null) => void;

/**
 * Reads `{ "name": …, "tags": ["a", "b"] }` as it arrives and hands over the elements of one list, so that neither a list of
 * any length nor one of any depth is held in memory. What is not needed is passed over; a document that ends early is noticed.
 */
export class NameListParser {
  private depth = 0;
  private key: string | null = null;
  /** The list is open, at depth 2. */
  private inList = false;
  private inString = false;
  private escaped = false;
  /** The string has escapes to undo. */
  private escapes = false;
  private readonly held: Buffer[] = [];
  private heldBytes = 0;
  /** A word like `null` or `12` is under way. */
  private inWord = false;
  private found = false;
  private closed = false;
  private broken = false;

  constructor(
    private readonly field: string,
    private readonly take: TakeName,
  ) {}

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    while (at < bytes.length) at = this.inString ? this.readString(bytes, at) : this.readToken(bytes, at);
  }

  /** What is wrong with the document, for the end of a sentence; null when it was whole and had the list, be it null. */
  fault(): string | null {
    if (this.broken) return 'as something that is no JSON object (a login page?)';
    if (!this.closed) return 'cut off before its end';
    return this.found ? null : 'without a list in it';
  }

  /** Up to the closing quote, or to the chunk's end. */
  private readString(bytes: Buffer, from: number): number {
    let at = from;
    for (; at < bytes.length; at += 1) {
      if (this.escaped) this.escaped = false;
      else if (bytes[at] === BACKSLASH) this.escaped = this.escapes = true;
      else if (bytes[at] === QUOTE) {
        this.endString(bytes.subarray(from, at));
        return at + 1;
      }
    }
    this.hold(bytes.subarray(from));
    return at;
  }

  private hold(part: Buffer): void {
    this.heldBytes += part.length;
    if (this.heldBytes <= LONGEST_STRING) this.held.push(Buffer.from(part));
    else this.held.length = 0;
  }

  private endString(rest: Buffer): void {
    const wanted = this.heldBytes + rest.length <= LONGEST_STRING && this.depth <= 2;
    const whole = this.held.length === 0 ? rest : Buffer.concat([...this.held, rest]);
    const text = wanted ? decode(whole, this.escapes) : null;
    this.inString = this.escapes = false;
    this.held.length = 0;
    this.heldBytes = 0;
    if (this.inList && this.depth === 2) this.take(text);
    else if (this.depth === 1) this.key ??= text;
  }

  private readToken(bytes: Buffer, at: number): number {
    const byte = bytes[at] ?? 0;
    if (byte <= 0x20) {
      this.inWord = false;
      return at + 1;
    }
    if (this.closed || (this.depth === 0 && byte !== OPEN_OBJECT)) {
      this.broken = true;
      return bytes.length;
    }
    this.readSign(byte);
    return at + 1;
  }

  private readSign(byte: number): void {
    const isSign = byte === COMMA || byte === COLON;
    if (byte === QUOTE) this.inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.open(byte);
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.close();
    else if (byte === COMMA && this.depth === 1) this.key = null;
    else if (!isSign && !this.inWord) this.startWord();
    this.inWord = !isSign && byte !== QUOTE && !isBracket(byte);
  }

  private open(byte: number): void {
    if (this.inList && this.depth === 2) this.take(null);
    this.depth += 1;
    if (this.depth === 2 && byte === OPEN_LIST && this.key === this.field) this.inList = this.found = true;
  }

  private close(): void {
    this.depth -= 1;
    if (this.depth === 1) this.inList = false;
    if (this.depth === 0) this.closed = true;
  }

  private startWord(): void {
    if (this.inList && this.depth === 2) this.take(null);
    // `"tags": null` is how a registry says that there are none.
    else if (this.depth === 1 && this.key === this.field) this.found = true;
  }
}

function isBracket(byte: number): boolean {
  return byte === OPEN_OBJECT || byte === CLOSE_OBJECT || byte === OPEN_LIST || byte === CLOSE_LIST;
}

function decode(bytes: Buffer, escapes: boolean): string | null {
  const text = bytes.toString('utf8');
  if (!escapes) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return null;
  }
}
