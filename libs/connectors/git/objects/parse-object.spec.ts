import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LARGEST_OBJECT, parseBatch, type BatchObject } from './batch-parser.js';
import { parseObject } from './parse-object.js';

const tag = (message: string, headers = ''): Buffer =>
  Buffer.from(
    `object ${'a'.repeat(40)}\ntype commit\ntag v1\ntagger A B <a@b> 1600000000 +0200\n${headers}\n${message}`,
  );

describe('what an object says of itself', () => {
  it('reads tag objects and commits', () => {
    expect(parseObject('tag', tag('release\n\nnotes\n'))).toEqual({
      created: new Date(1_600_000_000_000),
      tagger: 'A B <a@b>',
      message: 'release\n\nnotes',
      signed: false,
    });
    const commit = Buffer.from(
      'tree x\nauthor X <x@y> 1 +0000\ncommitter C <c@d> 1500000000 -0730\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n\nsubject\n',
    );
    expect(parseObject('commit', commit)).toEqual({
      created: new Date(1_500_000_000_000),
      tagger: 'C <c@d>',
      message: 'subject',
      signed: false,
    });
    expect(parseObject('blob', Buffer.from('x'))).toBeNull();
    expect(parseObject('tree', Buffer.from('x'))).toBeNull();
  });

  it.each(['PGP SIGNATURE', 'PGP MESSAGE', 'SSH SIGNATURE', 'SIGNED MESSAGE'])(
    'sees a signature (%s) and keeps it out of the message',
    (kind) => {
      const signature = `-----BEGIN ${kind}-----\nabc\n-----END ${kind}-----\n`;
      expect(parseObject('tag', tag(`release\n${signature}`))).toMatchObject({
        message: 'release',
        signed: true,
      });
      expect(parseObject('tag', tag(`we talk of ${signature}`))?.signed).toBe(false);
      expect(
        parseObject('tag', tag('release\n', `gpgsig-sha256 ${signature.replaceAll('\n', '\n ').trim()}\n`))
          ?.signed,
      ).toBe(true);
    },
  );

  it('keeps 4,096 characters, no NUL, and reads other encodings', () => {
    expect(parseObject('tag', tag(`a\0b${'x'.repeat(5_000)}`))?.message).toBe(`ab${'x'.repeat(4_094)}`);
    const latin1 = Buffer.from(
      'tree x\ncommitter \xc4 <c@d> 1 +0000\nencoding ISO-8859-1\n\n\xfcber',
      'latin1',
    );
    expect(parseObject('commit', latin1)).toMatchObject({ tagger: 'Ä <c@d>', message: 'über' });
    const unknown = Buffer.from('tree x\ncommitter C <c@d> 1 +0000\nencoding x-nobody\n\nplain');
    expect(parseObject('commit', unknown)?.message).toBe('plain');
  });

  it('takes dates and names that are none as unknown', () => {
    const by = (line: string) => parseObject('commit', Buffer.from(`tree x\n${line}\n\nm`));
    expect(by('committer A <a@b> 99999999999999 +0000')).toMatchObject({ created: null, tagger: 'A <a@b>' });
    expect(by('committer A <a@b>')).toMatchObject({ created: null, tagger: 'A <a@b>' });
    expect(by('committer nobody 1 +0000')).toMatchObject({ created: null, tagger: null });
    expect(by('author A <a@b> 1 +0000')).toMatchObject({ created: null, tagger: null, message: 'm' });
    expect(parseObject('tag', Buffer.from('object x'))).toMatchObject({ created: null, message: '' });
  });

  it('fails on no bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(typeof parseObject('tag', Buffer.from(bytes))?.message).toBe('string');
      }),
    );
  });
});

describe('the output of cat-file', () => {
  const output = (size: number, ...parts: (string | Buffer)[]): AsyncIterable<Buffer> => {
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
    return (async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })();
  };
  const all = async (chunks: AsyncIterable<Buffer>): Promise<[string, string, string | null][]> => {
    const found: BatchObject[] = [];
    // What is given is only good until the next step, so it is copied.
    for await (const objects of parseBatch(chunks))
      found.push(
        ...objects.map((one) => ({
          ...one,
          content: one.content === null ? null : Buffer.from(one.content),
        })),
      );
    return found.map(({ id, type, content }) => [id, type, content?.toString() ?? null]);
  };

  it('comes apart at the same places whatever the pieces', async () => {
    const parts = ['aa tag 5\nx\ny\nz\n', 'bb missing\n', 'cc commit 0\n\n', 'dd blob 3\nabc\n'];
    for (const size of [1, 2, 7, 1_000])
      expect(await all(output(size, ...parts))).toEqual([
        ['aa', 'tag', 'x\ny\nz'],
        ['bb', 'missing', null],
        ['cc', 'commit', ''],
        ['dd', 'blob', 'abc'],
      ]);
  });

  it('passes over an object that is too large to look into', async () => {
    const size = LARGEST_OBJECT + 1;
    const parts = [`aa blob ${size}\n`, Buffer.alloc(size, 'x'), '\nbb tag 1\ny\n'];
    for (const pieces of [65_536, size * 2])
      expect(await all(output(pieces, ...parts))).toEqual([
        ['aa', 'blob', null],
        ['bb', 'tag', 'y'],
      ]);
  });
});
