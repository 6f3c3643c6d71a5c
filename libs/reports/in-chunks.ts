/** Characters of a chunk: few writes for many short rows, and little in memory. */
const CHUNK_LENGTH = 32_768;

/** Joins short pieces into chunks worth a write each; pulls no further than the chunk that is asked for. */
export async function* inChunks(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let held: string[] = [];
  let length = 0;
  for await (const piece of pieces) {
    held.push(piece);
    length += piece.length;
    if (length < CHUNK_LENGTH) continue;
    yield held.join('');
    held = [];
    length = 0;
  }
  if (length > 0) yield held.join('');
}
