import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLegalName } from './legal-name.js';

/** What git says, and that `git tag` takes a leading dash for an option. */
function gitTakes(name: string): boolean {
  const { status, error } = spawnSync('git', ['check-ref-format', `refs/tags/${name}`]);
  if (error !== undefined) throw error;
  return status === 0 && !name.startsWith('-');
}

describe('names that a pointer may have', () => {
  it('are those that git itself takes', () => {
    const piece = fc.constantFrom(
      'a',
      'v1',
      '.',
      '/',
      '.lock',
      '-',
      '@',
      '@{',
      '{',
      '~',
      '^',
      ':',
      '?',
      '*',
      '[',
      '\\',
      ' ',
      '\t',
      'é',
      '\x7f',
      '$',
      '}',
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), (pieces) => {
        const name = pieces.join('');
        expect(isLegalName('git', name)).toBe(gitTakes(name));
      }),
      {
        numRuns: 100,
        examples: [[['a.lock/', 'b']], [['.', 'a']], [['a', '/', '.', 'b']], [['a', '.']], [['@']]],
      },
    );
    expect(isLegalName('git', '')).toBe(false);
    expect(isLegalName('git', 'a\ud800')).toBe(false);
  });

  it.each([
    ['1.2.3', true],
    ['_a', true],
    ['a'.repeat(128), true],
    ['a'.repeat(129), false],
    ['.a', false],
    ['-a', false],
    ['a/b', false],
    ['a+b', false],
    ['', false],
    [`sha256-${'0'.repeat(64)}.sig`, false],
  ])('registry: %s is %s', (name, legal) => {
    expect(isLegalName('registry', name)).toBe(legal);
  });

  it.each([
    ['app:v1', true],
    ['registry.acme.example:5000/team/my-app:v1.2', true],
    ['team/app__x:1', true],
    ['App:1', false],
    ['app', false],
    ['app:', false],
    ['app:v1/2', false],
    ['app@sha256:00', false],
  ])('docker: %s is %s', (name, legal) => {
    expect(isLegalName('docker', name)).toBe(legal);
  });

  it('are none where tags are labels', () => {
    expect(isLegalName('ec2', 'environment')).toBe(false);
  });
});
