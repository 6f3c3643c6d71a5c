import { expect, it } from 'vitest';
import { describeMatcher, exact, prefix } from './matcher.js';

it('is described as a rule pack would write it', () => {
  expect(describeMatcher(exact('a"b'))).toBe('exact "a\\"b"');
  expect(describeMatcher(prefix('phoenix-'))).toBe('prefix "phoenix-"');
});
