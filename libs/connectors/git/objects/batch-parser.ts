/** One object of `git cat-file --batch`; `content` is null when there is none of that id, or it is too large to look into. */
export interface BatchObject {
  readonly id: string;
  readonly type: string;
  readonly content: Buffer | null;
}

/** A tag object or commit is some hundred bytes; one that is larger says nothing that is worth its memory. */
export const LARGEST_OBJECT = 1_048_576;
const NEWLINE = 10;

/** Takes the output of `git cat-file --batch` apart as it comes: `id type size`, the content, a newline. */
export async function* parseBatch(
  output: AsyncIterable<Buffer>,
): AsyncGenerator<readonly BatchObject[], void, undefined> {
  let buffer: Buffer = Buffer.alloc(0);
  let skip = 0;
  for await (const chunk of output) {
    const skipped = Math.min(skip, chunk.length);
    skip -= skipped;
    buffer = buffer.length === 0 ? chunk.subarray(skipped) : Buffer.concat([buffer, chunk.subarray(skipped)]);
    const { found, at, left } = takeObjects(buffer);
    buffer = buffer.subarray(at);
    skip += left;
    if (found.length > 0) yield found;
  }
}

/** Every whole object of the buffer, where they end, and how many bytes beyond it belong to one that is passed over. */
function takeObjects(buffer: Buffer): { found: BatchObject[]; at: number; left: number } {
  const found: BatchObject[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = buffer.indexOf(NEWLINE, at);
    if (lineEnd < 0) return { found, at, left: 0 };
    const [id = '', type = '', size] = buffer.toString('latin1', at, lineEnd).split(' ');
    const end = lineEnd + 1 + (size === undefined ? 0 : Number(size) + 1);
    const large = Number(size) > LARGEST_OBJECT;
    if (end > buffer.length && !large) return { found, at, left: 0 };
    const content = size === undefined || large ? null : buffer.subarray(lineEnd + 1, end - 1);
    found.push({ id, type: size === undefined ? 'missing' : type, content });
    if (end > buffer.length) return { found, at: buffer.length, left: end - buffer.length };
    at = end;
  }
}
