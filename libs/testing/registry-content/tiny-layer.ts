import { gzipSync } from 'node:zlib';
import { digestOf } from './digest-of.js';

export interface TinyLayer {
  /** A gzipped tar of one small file. */
  readonly bytes: Buffer;
  readonly digest: string;
  /** The digest of the tar itself, as a config names it. */
  readonly diffId: string;
}

const BLOCK = 512;
const made = new Map<string, TinyLayer>();

/** The same text gives the same layer. */
export function tinyLayer(text: string): TinyLayer {
  const known = made.get(text);
  if (known !== undefined) return known;
  const tar = tarOf('content.txt', Buffer.from(text));
  const bytes = gzipSync(tar, { level: 9 });
  const layer = { bytes, digest: digestOf(bytes), diffId: digestOf(tar) };
  made.set(text, layer);
  return layer;
}

/** https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06 */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(content.length, 11), 124);
  header.write(octal(0, 11), 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * BLOCK)]);
}
