import fc from 'fast-check';
import { HygieneError } from '#core';
import { describe, expect, it } from 'vitest';
import { listTags, probe, type TagListing, type UploadPack } from './list-tags.js';
import { FLUSH, pktLine } from './pkt-line.js';
import { PktReader } from './pkt-reader.js';
import type { WireLimits } from './wire-limits.js';

const ID = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);
const V2 = ['version 2', 'agent=git/2.39.5', 'ls-refs=unborn', 'fetch=shallow filter', 'object-format=sha1'];

const section = (lines: readonly string[]): string =>
  lines.map((line) => pktLine(`${line}\n`)).join('') + FLUSH;

/** A server that says one thing first and another when it is asked; `size`: bytes of each chunk. */
function server(first: string, answer = '', size = 65_536): UploadPack & { readonly asked: string[] } {
  const asked: string[] = [];
  const reader = (text: string): PktReader => new PktReader(chunksOf(Buffer.from(text), size), 'the server');
  return {
    asked,
    place: 'the server',
    advertisement: reader(first),
    ask: async (request) => {
      asked.push(request);
      return reader(answer);
    },
    reported: (message) => new HygieneError('REMOTE_FAULT', `reported ${message.length}`),
  };
}

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function failure(work: Promise<unknown>): Promise<HygieneError> {
  const reason = await work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );
  expect(reason).toBeInstanceOf(HygieneError);
  return reason as HygieneError;
}

const list = (lines: readonly string[], size?: number): Promise<TagListing> =>
  listTags(server(section(V2), section(lines), size));

describe('listing by protocol 2', () => {
  it('asks for tags, what they peel to and what they are names for, and for nothing else', async () => {
    const pack = server(section(V2), FLUSH);
    expect((await listTags(pack)).tags).toEqual([]);
    expect(pack.asked).toEqual([
      '0014command=ls-refs\n0012agent=tagward\n0017object-format=sha1\n0001' +
        '0009peel\n000csymrefs\n0014ref-prefix HEAD\n001aref-prefix refs/tags/\n0000',
    ]);
  });

  it('reads ids, peeled ids, symbolic tags and HEAD, whatever the pieces it comes in', async () => {
    const lines = [
      `${ID} HEAD symref-target:refs/heads/main`,
      `${ID} refs/tags/alias symref-target:refs/tags/v1 peeled:${OTHER}`,
      `${OTHER} refs/tags/light`,
      `${ID} refs/tags/v1 peeled:${OTHER}`,
    ];
    for (const size of [1, 3, 50, 65_536]) {
      const listing = await list(lines, size);
      const annotated = {
        value: null,
        digest: ID,
        createdAt: null,
        pointer: { annotated: true, peeled: OTHER },
      };
      expect(listing.tags).toEqual([
        { name: 'alias', ...annotated },
        {
          name: 'light',
          value: null,
          digest: OTHER,
          createdAt: null,
          pointer: { annotated: false, peeled: OTHER },
        },
        { name: 'v1', ...annotated },
      ]);
      expect(listing).toMatchObject({ head: 'refs/heads/main', faults: { malformed: 0, contradictory: 0 } });
      expect({ ...listing.symbolic }).toEqual({ alias: 'refs/tags/v1' });
    }
  });

  it('G10: gives every name that git allows exactly, and only those', async () => {
    const odd = [
      '-d',
      '@',
      'HEAD',
      'refs/heads/main',
      '__proto__',
      'a/b',
      'v1.0/\u200bx',
      '\u202egnp',
      'vеrsion',
      'é',
      '😀',
      'x'.repeat(4_000),
    ];
    const bad = [
      'a b',
      'v1^{}',
      'a..b',
      'a~1',
      'a:b',
      'a?',
      'a*',
      'a[b',
      'a\\b',
      '.a',
      'a/.b',
      'a.lock',
      'a.lock/b',
      'a//b',
      'a/',
      'a.',
      '@{',
      'x@{1}',
      'a\u0001',
      'a\u007f',
    ];
    const lines = [...odd, ...bad, ''].map((name) => pktLine(`${ID} refs/tags/${name}\n`));
    const latin1 = Buffer.concat([
      Buffer.from(`0039${ID} refs/tags/`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('0000'),
    ]);
    const answer = Buffer.concat([Buffer.from(lines.join('')), latin1]);
    const ask = async (): Promise<PktReader> => new PktReader(chunksOf(answer, 1_000), 'the server');
    const listing = await listTags({ ...server(section(V2)), ask });
    // `a b` is the name `a` and an attribute that nobody knows.
    expect(listing.tags.map(({ name }) => name)).toEqual([...odd, 'a']);
    expect(listing.faults.malformed).toBe(bad.length - 1 + ['', 'latin1'].length);
  });

  it('says what is malformed or comes twice, keeps the name, and takes where it points as unknown', async () => {
    const listing = await list([
      `${ID} refs/tags/v2`,
      `${ID} refs/tags/v1`,
      `${ID} refs/tags/v1`,
      `${OTHER} refs/tags/v2`,
      `${'0'.repeat(40)} refs/tags/nothing`,
      `${ID.toUpperCase()} refs/tags/upper`,
      `${ID.slice(1)} refs/tags/short`,
      'what is this',
      '',
      `${ID} refs/heads/main`,
      `${ID} refs/tags/v3 peeled:nonsense`,
    ]);
    expect(listing.tags.map(({ name, digest }) => [name, digest])).toEqual([
      ['v2', null],
      ['v1', ID],
      ['v3', ID],
    ]);
    expect(listing.tags.at(0)?.pointer).toEqual({});
    expect(listing.faults).toEqual({ malformed: 6, contradictory: 1 });
  });

  it('reads sha256 repositories, and takes no id of the other length', async () => {
    const long = 'c'.repeat(64);
    const words = [...V2.slice(0, -1), 'object-format=sha256'];
    const pack = server(
      section(words),
      section([`${long} refs/tags/v1 peeled:${long}`, `${ID} refs/tags/v2`]),
    );
    const { tags, capabilities, faults } = await listTags(pack);
    expect(tags.map(({ name, digest }) => [name, digest])).toEqual([['v1', long]]);
    expect(capabilities).toMatchObject({ objectFormat: 'sha256', filter: true, protocol: 2 });
    expect(faults.malformed).toBe(1);
  });
});

describe('listing by protocol 0 and 1', () => {
  const words = 'multi_ack symref=HEAD:refs/heads/trunk object-format=sha1 filter agent=git/1';
  const refs = [
    `${OTHER} refs/heads/main`,
    `${OTHER} refs/tags/a`,
    `${ID} refs/tags/v1`,
    `${OTHER} refs/tags/v1^{}`,
  ];

  it('reads what stands behind annotated tags from the line after them', async () => {
    for (const [before, protocol] of [
      ['', 0],
      [pktLine('version 1\n'), 1],
    ] as const) {
      const listing = await listTags(server(before + section([`${OTHER} HEAD\0${words}`, ...refs])));
      expect(listing.tags.map(({ name, digest, pointer }) => [name, digest, pointer])).toEqual([
        ['a', OTHER, { annotated: false, peeled: OTHER }],
        ['v1', ID, { annotated: true, peeled: OTHER }],
      ]);
      expect(listing).toMatchObject({ head: 'refs/heads/trunk', capabilities: { protocol, filter: true } });
    }
  });

  it('reads a tag in the first line, and repositories without any ref', async () => {
    const only = await listTags(server(section([`${ID} refs/tags/v1\0${words}`])));
    expect(only.tags.map(({ name }) => name)).toEqual(['v1']);
    const none = await listTags(server(section([`${'0'.repeat(40)} capabilities^{}\0${words}`])));
    expect(none.tags).toEqual([]);
    expect(none.faults.malformed).toBe(0);
    expect((await listTags(server(FLUSH))).tags).toEqual([]);
  });

  it('says of a peeled line that belongs to no tag', async () => {
    const listing = await listTags(
      server(section([`${OTHER} HEAD\0${words}`, `${OTHER} refs/tags/lost^{}`])),
    );
    expect(listing.faults.malformed).toBe(1);
  });

  it('probes without listing', async () => {
    expect(await probe(server(section(V2)))).toMatchObject({ protocol: 2, filter: true });
    expect(await probe(server(section([`${OTHER} HEAD\0${words}`, ...refs])))).toMatchObject({
      protocol: 0,
      filter: true,
    });
  });
});

describe('a hostile server', () => {
  it.each([
    ['nothing', ''],
    ['a line that is cut off', `${section(V2).slice(0, 30)}`],
    ['an impossible length', '0003'],
    ['a length that is none', 'wxyzversion 2'],
    ['a length beyond the longest', `fff1${'x'.repeat(66_000)}`],
    ['a page', '<!DOCTYPE html><html>'],
    ['a line that is no ref', section(['hello there'])],
    ['protocol 2 without ls-refs', section(['version 2', 'agent=x'])],
    [
      'capabilities without an end',
      Array.from({ length: 5_000 }, () => pktLine('x=y\n'))
        .join('')
        .replace(/^/, pktLine('version 2\n')),
    ],
    ['a list without an end', section([`${ID} HEAD\0x`]).slice(0, -4)],
  ])('that sends %s is no git server', async (_what, bytes) => {
    expect((await failure(listTags(server(bytes)))).code).toBe('REMOTE_REPLY_INVALID');
  });

  it('that cuts the list off has given none', async () => {
    const cut = section([`${ID} refs/tags/v1`, `${ID} refs/tags/v2`]);
    for (const end of [-4, -6]) {
      const pack = server(section(V2), cut.slice(0, end));
      expect((await failure(listTags(pack))).code).toBe('REMOTE_REPLY_INVALID');
    }
  });

  it('that reports an error is told of without its words, control characters or not', async () => {
    const words = 'ERR \u001b[2J\u001b[31maccess denied';
    expect((await failure(listTags(server(section([words]))))).message).toBe(`reported ${words.length}`);
    expect(
      (await failure(listTags(server(section(V2), section([`${ID} refs/tags/v1`, words]))))).message,
    ).toBe(`reported ${words.length}`);
  });

  it('G14: that lists without end is left at the limits, of refs, of bytes of tags', async () => {
    const limits: WireLimits = {
      maxRefs: 1_000,
      maxTagBytes: 1_048_576,
      maxBytes: Infinity,
      manyTags: 5_000,
    };
    const endless = (line: (n: number) => string): UploadPack => {
      let made = 0;
      async function* forever(): AsyncGenerator<Uint8Array> {
        for (;;) yield Buffer.from(Array.from({ length: 100 }, () => pktLine(line((made += 1)))).join(''));
      }
      return { ...server(section(V2)), ask: async () => new PktReader(forever(), 'the server') };
    };
    const many = await failure(
      listTags(
        endless((n) => `${ID} refs/heads/${n}`),
        limits,
      ),
    );
    expect(many).toMatchObject({ code: 'REMOTE_REPLY_INVALID' });
    expect(many.message).toContain('1,000 refs');
    const long = await failure(
      listTags(
        endless((n) => `${ID} refs/tags/${n}${'x'.repeat(20_000)}`),
        limits,
      ),
    );
    expect(long.message).toContain('1 MiB');
  });

  it('never makes the reader fail otherwise, whatever the bytes', async () => {
    const bytes = fc.oneof(
      fc.string({ unit: 'binary-ascii' }),
      fc
        .array(fc.constantFrom('0000', '0001', '0009', ID, ' refs/tags/v', '\n', 'ERR x', ' peeled:', '003f'))
        .map((all) => all.join('')),
    );
    await fc.assert(
      fc.asyncProperty(bytes, bytes, fc.integer({ min: 1, max: 20 }), async (first, answer, size) => {
        const packs = [
          server(first, answer, size),
          server(section(V2), answer, size),
          server(section([`${ID} HEAD\0x`]).slice(0, -4) + answer),
        ];
        for (const pack of packs) {
          const outcome = await listTags(pack).catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(HygieneError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
