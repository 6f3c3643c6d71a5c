import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';
import { Zip, type ZipInputFile } from 'fflate';
import { HygieneError } from '#core';

/** One file of the archive. `text` is read to its end before the next part is asked for. */
export interface ZipPart {
  readonly path: string;
  readonly text: AsyncIterable<string>;
}

const DEFLATED = 8;
const LEVEL = 3;
const EMPTY = new Uint8Array();
/** What a part, and the whole archive, must stay below: sizes and offsets have 32 bits (APPNOTE 4.4.8, 4.4.9, 4.4.16). */
const MOST_BYTES = 0xffff_ffff;

/**
 * A ZIP archive, chunk by chunk. Parts are pulled as chunks are; the compression itself runs on another thread. The same
 * parts at the same date make the same bytes, whatever the time zone.
 *
 * @throws HygieneError LIMIT_EXCEEDED for what has no place in an archive of this kind
 */
export async function* zipParts(parts: AsyncIterable<ZipPart>, date: Date): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  let written = 0;
  const archive = new Zip((error, bytes) => {
    if (error !== null) throw error;
    written += bytes.length;
    ready.push(bytes);
  });
  for await (const { path, text } of parts) {
    const file: ZipInputFile = {
      filename: path,
      compression: DEFLATED,
      size: 0,
      crc: 0,
      mtime: asLocal(date),
    };
    archive.add(file);
    for await (const bytes of deflated(text, file)) {
      file.ondata?.(null, bytes, false);
      yield* ready.splice(0);
    }
    file.ondata?.(null, EMPTY, true);
    if (file.size > MOST_BYTES || written > MOST_BYTES) throw tooLarge();
  }
  archive.end();
  yield* ready.splice(0);
}

function tooLarge(): HygieneError {
  return new HygieneError(
    'LIMIT_EXCEEDED',
    'formats: this report is larger than an XLSX file can be; narrow it to some targets, or ask for CSV.',
  );
}

/** The archive has no time zone; the library writes local time. */
function asLocal(date: Date): Date {
  return new Date(
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  );
}

/** Compressed `text`; adds up its size and checksum. One chunk is compressed while the next is made. */
async function* deflated(
  text: AsyncIterable<string>,
  file: ZipInputFile,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const deflate = createDeflateRaw({ level: LEVEL });
  const ready: Uint8Array<ArrayBuffer>[] = [];
  deflate.on('data', (bytes: Uint8Array<ArrayBuffer>) => ready.push(bytes));
  try {
    let running = Promise.resolve();
    for await (const piece of text) {
      const bytes = Buffer.from(piece);
      file.size += bytes.length;
      file.crc = crc32(bytes, file.crc);
      await running;
      yield* ready.splice(0);
      running = write(deflate, bytes);
      running.catch(() => undefined);
    }
    await running;
    await end(deflate);
    yield* ready.splice(0);
  } finally {
    deflate.destroy();
  }
}

function write(deflate: DeflateRaw, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    deflate.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

function end(deflate: DeflateRaw): Promise<void> {
  return new Promise((resolve, reject) => {
    deflate.once('error', reject).once('end', resolve).end();
  });
}
