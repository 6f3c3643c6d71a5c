import fc from 'fast-check';
import { HygieneError, type TagList } from '#core';
import { describe, expect, it } from 'vitest';
import { factBookOf } from '../objects/fact-book.js';
import { listTags, type TagListing } from './list-tags.js';
import { PackedTags } from './packed-tags.js';
import { FLUSH, pktLine } from './pkt-line.js';
import { PktReader } from './pkt-reader.js';
import { WIRE_LIMITS } from './wire-limits.js';

const section = (lines: readonly string[]): string =>
  lines.map((line) => pktLine(`${line}\n`)).join('') + FLUSH;

function reader(text: string): PktReader {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  return new PktReader(chunks(), 'the server');
}

const list = (format: 'sha1' | 'sha256', lines: readonly string[], manyTags: number): Promise<TagListing> =>
  listTags(
    {
      place: 'the server',
      advertisement: reader(section(['version 2', 'ls-refs', `object-format=${format}`])),
      ask: async () => reader(section(lines)),
      reported: (message) => new HygieneError('REMOTE_FAULT', message),
    },
    { ...WIRE_LIMITS, manyTags },
  );

const ids = ['a', 'b', 'c', '0f', '9e'];
const line = (digits: number) =>
  fc
    .record({
      id: fc.constantFrom(...ids),
      name: fc.constantFrom('v1', 'v2', 'v10', 'pkg/v1', 'größe', '標籤', '🏷', 'x'.repeat(300)),
      peeled: fc.option(fc.constantFrom(...ids)),
    })
    .map(({ id, name, peeled }) => {
      const whole = (one: string): string => one.repeat(digits).slice(0, digits);
      return `${whole(id)} refs/tags/${name}${peeled === null ? '' : ` peeled:${whole(peeled)}`}`;
    });
const lines = fc.constantFrom('sha1' as const, 'sha256' as const).chain((format) =>
  fc.record({
    format: fc.constant(format),
    all: fc.array(line(format === 'sha1' ? 40 : 64), { minLength: 1, maxLength: 12 }),
  }),
);

describe('tags that are held packed', () => {
  it('are those that few tags are, whatever a server lists, in whatever order, however often', async () => {
    await fc.assert(
      fc.asyncProperty(lines, async ({ format, all }) => {
        const few = await list(format, all, Infinity);
        const packed = await list(format, all, 1);
        expect(packed.tags).toBeInstanceOf(PackedTags);
        expect([...packed.tags]).toEqual(few.tags);
        expect(packed.tags.map(({ name }, index) => packed.tags.at(index)?.name === name)).not.toContain(
          false,
        );
        expect(packed.faults).toEqual(few.faults);
      }),
    );
  });

  it('take the facts of their objects as few tags do', async () => {
    const facts = fc.record({
      created: fc.option(fc.constantFrom(new Date(0), new Date(1_700_000_000_000))),
      tagger: fc.option(fc.constantFrom('A <a@b>', 'B <b@b>')),
      message: fc.string({ maxLength: 20 }),
      signed: fc.boolean(),
    });
    const known = fc.array(fc.tuple(fc.constantFrom(...ids), facts), { maxLength: 6 });
    const asked = fc.subarray(['created', 'tagger', 'message', 'signed'] as const, { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(lines, known, asked, async ({ format, all }, found, names) => {
        const digits = format === 'sha1' ? 40 : 64;
        const told = async (manyTags: number): Promise<{ ids: string[]; tags: TagList }> => {
          const book = factBookOf((await list(format, all, manyTags)).tags, new Set(names));
          const each = new Map(found.map(([id, of]) => [id.repeat(digits).slice(0, digits), of]));
          for (const [id, of] of each) book.take(id, of);
          expect(book.ids.size).toBe([...book.ids].length);
          return { ids: [...book.ids].sort(), tags: book.tags() };
        };
        const [few, packed] = [await told(Infinity), await told(1)];
        expect(packed.ids).toEqual(few.ids);
        expect([...packed.tags]).toEqual([...few.tags]);
      }),
    );
  });
});
