import { describe, expect, it } from 'vitest';
import { HygieneError } from '../errors/hygiene-error.js';
import type { Platform } from '../model/platform.js';
import { readProposedTags } from './proposed-tags.js';

function faultsOf(platform: Platform, written: unknown) {
  try {
    readProposedTags(platform, written);
    return [];
  } catch (error) {
    if (!(error instanceof HygieneError)) throw error;
    expect(error.code).toBe('INPUT_INVALID');
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
}

const many = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => of(index));

describe('proposed labels', () => {
  it('are keys and values, whatever the keys are called', () => {
    const written = JSON.parse('{"owner":"web","__proto__":"","constructor":"a b"}') as unknown;
    expect(readProposedTags('ec2', written).map(({ name, value }) => [name, value])).toEqual([
      ['owner', 'web'],
      ['__proto__', ''],
      ['constructor', 'a b'],
    ]);
  });

  it('fit what EC2 stores: 50 of them, 128 characters a key, 256 a value', () => {
    const fitting = Object.fromEntries([
      ...many(49, (index) => [`key-${index}`, '']),
      ['k'.repeat(128), '😀'.repeat(256)],
      ['aws:autoscaling:groupName', 'not counted'],
    ]);
    expect(readProposedTags('ec2', fitting)).toHaveLength(51);
    expect(faultsOf('ec2', { ...fitting, another: 'one' })).toEqual([
      'tags: a resource has at most 50 tags, those of the platform itself not counted; here are 51',
    ]);
    expect(faultsOf('ec2', { ['k'.repeat(129)]: 'a', long: 'v'.repeat(257), '': 'x' })).toEqual([
      `tags.${'k'.repeat(79)}…: a key has at most 128 characters; this one has 129`,
      'tags.long: a value has at most 256 characters; this one has 257',
      'tags.: a key is empty; a key has at least one character',
    ]);
  });

  it.each([
    [['owner'], 'tags: expected an object of keys and values, like { "owner": "web" }'],
    ['owner', 'tags: expected an object of keys and values, like { "owner": "web" }'],
    [{ port: 8080 }, 'tags.port: expected text as the value, like "8080"'],
    [{ owner: null }, 'tags.owner: expected text as the value; an empty one is ""'],
    [{ owner: ['a'] }, 'tags.owner: expected text as the value; an empty one is ""'],
  ])('say where %j is wrong', (written, fault) => {
    expect(faultsOf('ec2', written)).toEqual([fault]);
  });
});

describe('proposed pointers', () => {
  it('are names, or names with facts in the types of JSON', () => {
    const [plain, rich] = readProposedTags('registry', [
      '1.0',
      {
        name: 'latest',
        digest: 'sha256:aa',
        created: '2026-01-01T00:00:00Z',
        annotated: true,
        layers: 12,
        subject: null,
      },
    ]);
    expect(plain).toEqual({ name: '1.0', value: null, digest: null, createdAt: null, pointer: {} });
    expect(rich).toEqual({
      name: 'latest',
      value: null,
      digest: 'sha256:aa',
      createdAt: new Date('2026-01-01T00:00:00Z'),
      pointer: { annotated: true, layers: 12 },
    });
  });

  it.each<[Platform, unknown, string[]]>([
    ['git', { v1: '' }, ['tags: expected a list of names, like ["1.2.3"]']],
    [
      'git',
      ['v1', 'v2', 'v3', ''],
      ['tags.3: expected a name, or a mapping with `name` and facts (digest, created…)'],
    ],
    ['git', ['v1', 7], ['tags.1: expected a name, or a mapping with `name` and facts (digest, created…)']],
    ['git', ['v1', { digest: 'x' }], ['tags.1.name: expected text']],
    ['git', [{ name: 1.0 }], ['tags.0.name: expected text']],
    ['git', [{ name: 'v1', signed: 'maybe' }], ['tags.0.signed: expected true or false, not "maybe"']],
    [
      'git',
      [{ name: 'v1', created: 'monday' }],
      ['tags.0.created: expected a date like 2024-06-30 or 2024-06-30T12:00:00Z, not "monday"'],
    ],
    ['registry', ['a', 'b', 'a'], ['tags.2: the name "a" stands at tags.0 already']],
    ['registry', ['t'.repeat(129)], ['tags.0: a name has at most 128 characters; this one has 129']],
    ['git', many(2_001, String), ['tags: at most 2000 tags are judged at once; here are 2001']],
  ])('say where they are wrong: %s %j', (platform, written, faults) => {
    expect(faultsOf(platform, written)).toEqual(faults);
  });

  it('name a field that nobody knows, and the one that was meant', () => {
    expect(faultsOf('git', [{ name: 'v1', diggest: 'x' }])).toEqual([
      expect.stringMatching(/^tags\.0\.diggest: a tag has no field "diggest"\. Did you mean "digest"\?/),
    ]);
  });
});
