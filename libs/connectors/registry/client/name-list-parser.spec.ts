import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameListParser } from './name-list-parser.js';

function parse(
  bytes: Uint8Array,
  cuts: readonly number[] = [],
): { names: (string | null)[]; fault: string | null } {
  const names: (string | null)[] = [];
  const parser = new NameListParser('tags', (name) => names.push(name));
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  for (const [at, end] of [...ends, bytes.length].entries())
    parser.push(bytes.subarray(ends[at - 1] ?? 0, end));
  return { names, fault: parser.fault() };
}

const text = (json: string, cuts?: readonly number[]) => parse(Buffer.from(json), cuts);

describe('the parser of name lists', () => {
  it('reads what JSON.parse reads, wherever the chunks end', () => {
    const names = fc.array(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('a"b', '\\', 'ü')),
    );
    const other = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(
        names,
        other,
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.constantFrom(0, 2),
        (list, more, cuts, space) => {
          const json = JSON.stringify({ name: more, tags: list, other: [more] }, null, space);
          const expected = (JSON.parse(json) as { tags: string[] }).tags;
          expect(text(json, cuts)).toEqual({ names: expected, fault: null });
        },
      ),
    );
  });

  it('gives null for each element that is no string', () => {
    const { names, fault } = text('{"tags":[1, null,true ,{"tags":["inner"]},["x"],"y",-1e9]}');
    expect([names, fault]).toEqual([[null, null, null, null, null, 'y', null], null]);
  });

  it('finds its list at the top only, and only under its name', () => {
    expect(text('{"a":{"tags":["x"]},"tag":["y"],"b":"tags"}').fault).toBe('without a list in it');
    expect(text('{"tags":null}')).toEqual({ names: [], fault: null });
  });

  it('holds no string that is too long for a name', () => {
    const { names } = text(`{"tags":["${'x'.repeat(5_000_000)}","ok"]}`, [10, 1_000_000, 2_000_000]);
    expect(names).toEqual([null, 'ok']);
  });

  it('notices every early end', () => {
    const whole = '{"name":"a","tags":["b","c"]}';
    for (let end = 0; end < whole.length; end += 1) expect(text(whole.slice(0, end)).fault).not.toBeNull();
    expect(text(`${whole} \n`).fault).toBeNull();
    expect(text(`${whole},`).fault).not.toBeNull();
  });

  it('passes through hostile bytes in bounded time and memory', () => {
    const began = performance.now();
    const before = process.memoryUsage().heapUsed;
    parse(Buffer.alloc(8 * 1_048_576, '['));
    text(`{"tags":${'['.repeat(4 * 1_048_576)}`);
    text(`{"tags":[${'{"a":'.repeat(1_048_576)}`);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1_048_576);
  });
});
