import { expect, it } from 'vitest';
import { pointer, type GivenPointer } from '../../testing/pointer-builders.js';
import { compareObjects } from './same-object.js';

const at = (digest: string, peeled?: string): GivenPointer => ({
  name: 'a',
  digest,
  ...(peeled === undefined ? {} : { peeled, annotated: peeled !== digest }),
});

it.each<[string, GivenPointer, GivenPointer, string]>([
  ['one digest', at('1'), at('1'), 'same'],
  ['two digests', at('1'), at('2'), 'different'],
  ['no digest', 'a', at('1'), 'unknown'],
  ['no digest at all', 'a', 'b', 'unknown'],
  ['a tag object and the commit that it stands for', at('tag', 'commit'), at('commit', 'commit'), 'same'],
  ['two tag objects of one commit', at('tag', 'commit'), at('other', 'commit'), 'same'],
  ['tag objects of two commits', at('tag', 'commit'), at('other', 'another'), 'different'],
  [
    'a tag object that nobody has looked into',
    { name: 'a', digest: 'tag', annotated: true },
    at('commit'),
    'unknown',
  ],
  ['the same tag object, unread', { name: 'a', digest: 'tag', annotated: true }, at('tag'), 'same'],
])('%s', (_what, a, b, expected) => {
  expect(compareObjects(pointer(a), pointer(b))).toBe(expected);
  expect(compareObjects(pointer(b), pointer(a))).toBe(expected);
});
