import { invalidReply } from '../errors.js';

/** How a section of packets ended; `stopped`: the one who took the lines wanted no more. */
export type SectionEnd = 'flush' | 'delimiter' | 'response-end' | 'stopped' | 'end';

/** Takes one line: `bytes` from `start` to `end`, without its newline, only good during the call. false: no more. */
export type TakeLine = (bytes: Buffer, start: number, end: number) => boolean | void;

/** https://git-scm.com/docs/protocol-common#_pkt_line_format: four hexadecimal digits count themselves and what follows. */
const LONGEST = 65_520;
const NEWLINE = 10;
const SPECIAL: Readonly<Record<number, SectionEnd>> = { 0: 'flush', 1: 'delimiter', 2: 'response-end' };

/** Reads packet lines off a stream as they come; holds one line and one chunk at the most. */
export class PktReader {
  private readonly chunks: AsyncIterator<Uint8Array>;
  private buffer: Buffer = Buffer.alloc(0);
  private at = 0;

  constructor(
    source: AsyncIterable<Uint8Array>,
    /** Where it comes from, for messages. */
    private readonly place: string,
  ) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /** Hands on every line up to a packet that is none, or the end of the stream between two packets. */
  async section(take: TakeLine): Promise<SectionEnd> {
    for (;;) {
      const ended = this.drain(take);
      if (ended !== null) return ended;
      if (await this.more()) continue;
      if (this.at === this.buffer.length) return 'end';
      throw invalidReply(this.place, 'it ends in the middle of a line');
    }
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  private drain(take: TakeLine): SectionEnd | null {
    const { buffer } = this;
    while (buffer.length - this.at >= 4) {
      const length = lengthAt(buffer, this.at);
      const special = SPECIAL[length];
      if (special !== undefined) {
        this.at += 4;
        return special;
      }
      if (length < 4 || length > LONGEST) throw invalidReply(this.place, 'a line has an impossible length');
      if (buffer.length - this.at < length) return null;
      const start = this.at + 4;
      this.at += length;
      const end = this.at > start && buffer[this.at - 1] === NEWLINE ? this.at - 1 : this.at;
      if (take(buffer, start, end) === false) return 'stopped';
    }
    return null;
  }

  private async more(): Promise<boolean> {
    const next = await this.chunks.next();
    if (next.done === true) return false;
    const { buffer, byteOffset, byteLength } = next.value;
    const chunk = Buffer.from(buffer, byteOffset, byteLength);
    const rest = this.buffer.subarray(this.at);
    this.buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    this.at = 0;
    return true;
  }
}

/** -1 when the four bytes are not hexadecimal digits. */
function lengthAt(buffer: Buffer, at: number): number {
  let length = 0;
  for (let digit = 0; digit < 4; digit += 1) {
    const value = hexDigit(buffer[at + digit] ?? 0);
    if (value < 0) return -1;
    length = length * 16 + value;
  }
  return length;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 97 && byte <= 102) return byte - 87;
  return byte >= 65 && byte <= 70 ? byte - 55 : -1;
}
