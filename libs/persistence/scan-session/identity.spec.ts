import { expect, it } from 'vitest';
import { identity } from './identity.js';

it('keeps what any platform allows, cleaned', () => {
  expect(identity('refs/тег')).toBe('refs/тег');
  expect(identity('a\u0000')).toBe('a\ufffd');
  expect(identity('x'.repeat(300))).toBe('x'.repeat(300));
});

it('cuts what is longer, within what an index takes, and keeps two such names apart', () => {
  const [one, two] = [identity(`${'😀'.repeat(5_000)}1`), identity(`${'😀'.repeat(5_000)}2`)];
  expect(one).not.toBe(two);
  expect(Buffer.byteLength(one)).toBeLessThan(1_250);
  expect(one.isWellFormed()).toBe(true);
  expect(identity(`${'x'.repeat(299)}😀y`).isWellFormed()).toBe(true);
});
