import { describe, expect, it } from 'vitest';
import { closest } from './closest.js';

describe('the closest candidate', () => {
  const types = ['instance', 'volume', 'security-group', 'vpc', 'vpc-endpoint'];

  it.each([
    ['instnce', 'instance'],
    ['volumes', 'volume'],
    ['securitygroup', 'security-group'],
    ['endpoint', 'vpc-endpoint'],
    ['vpv', 'vpc'],
    ['bucket', null],
    ['', null],
  ])('of %j is %j', (word, expected) => {
    expect(closest(word, types)).toBe(expected);
  });
});
