import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDeclarations } from './read-declarations.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const read = (texts: Record<string, string>) =>
  readDeclarations(
    { files: Object.entries(texts).map(([path, text]) => ({ path, text })), faults: [], isSingle: false },
    NOW,
  );
const faultsOf = (text: string) =>
  read({ 'a.yaml': text }).faults.map(({ line, column, message }) => `${line}:${column} ${message}`);

const PACK = 'pack: base\nrules:\n  - { id: a, kind: tag-budget, max: 45 }\n';

describe('the documents of a directory', () => {
  it('are told apart by their first word, and read whole', () => {
    const { packs, targets, schedules, faults } = read({
      'p.yaml': PACK,
      't.yaml': [
        'target: web',
        'mode: WRITE',
        'credential: forge',
        'rulePacks: [base]',
        'labels: [{ key: team, value: 007 }]',
        'git: { url: "https://git.example.com/acme/web.git", tagsPerPush: 50 }',
      ].join('\n'),
      's.json': '{ "schedule": "nightly", "cron": "0 2 * * *", "targets": ["web"], "report": true }',
    });

    expect(faults).toEqual([]);
    expect(packs).toMatchObject([{ name: 'base', document: PACK }]);
    expect(targets).toMatchObject([
      {
        ...{ name: 'web', platform: 'git', mode: 'WRITE', credential: 'forge', rulePacks: ['base'] },
        labels: [{ key: 'team', value: '007' }],
        config: { url: 'https://git.example.com/acme/web.git', tagsPerPush: 50 },
      },
    ]);
    expect(schedules).toMatchObject([
      { name: 'nightly', timezone: 'UTC', targets: ['web'], labels: [], report: true, enabled: true },
    ]);
  });

  it('are as the docs show them', () => {
    const docs = readFileSync(new URL('../../../../docs/packs-as-code.md', import.meta.url), 'utf8');
    const examples = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

    const { packs, targets, schedules, faults } = read(
      Object.fromEntries(examples.map((text, n) => [`${n}.yaml`, text])),
    );

    expect([faults, packs.length, targets.length, schedules.length]).toEqual([[], 1, 1, 3]);
  });

  it('leave out what has a default', () => {
    const { targets } = read({ 'a.yaml': 'target: prod\nec2: { regions: [eu-west-1] }' });
    expect(targets).toMatchObject([{ mode: 'READ_ONLY', credential: null, rulePacks: null, labels: [] }]);
  });

  it('keep names that look like other things', () => {
    const { targets } = read({
      'a.yaml':
        'target: no\nregistry: { url: "https://r.example.com", repositories: [2048], scratchManifestUntag: false }',
    });
    expect(targets).toMatchObject([
      { name: 'no', config: { repositories: ['2048'], scratchManifestUntag: false } },
    ]);
  });

  it.each([
    [
      'a misspelt field',
      'target: a\nmod: WRITE\nec2: { regions: [eu-west-1] }',
      '2:1 A target has no field "mod". Did you mean "mode"?',
    ],
    [
      'a misspelt setting',
      'target: a\nec2:\n  regions: [eu-west-1]\n  rolArn: x',
      '4:3 "ec2" has no field "rolArn". Did you mean "roleArn"?',
    ],
    [
      'a secret',
      'target: a\nsecret: s3\nec2: { regions: [eu-west-1] }',
      '2:1 A target has no field "secret". It has:',
    ],
    [
      'a bad setting',
      'target: a\nec2: { regions: [nowhere] }',
      '2:18 "nowhere" is not the name of a region.',
    ],
    ['a missing setting', 'target: a\nec2: {}', '2:6 "regions" is missing: expected a list.'],
    [
      'a number that is none',
      'target: a\ngit: { url: "https://h/a.git", tagsPerPush: many }',
      '2:45 Expected a number, not "many".',
    ],
    [
      'no platform',
      'target: a',
      '1:1 A target has exactly one of ec2, git, registry, docker; this one has none of them.',
    ],
    [
      'two platforms',
      'target: a\nec2: { regions: [eu-west-1] }\ngit: { url: "https://h/a.git" }',
      '3:1 A target has exactly one of',
    ],
    [
      'a platform without a connector',
      'target: a\ndocker: { host: "unix:///x" }',
      '2:1 This version of Tagward has no connector for docker.',
    ],
    [
      'a mode',
      'target: a\nmode: write\nec2: { regions: [eu-west-1] }',
      '2:7 Expected one of READ_ONLY, WRITE, not "write". Did you mean "WRITE"?',
    ],
    ['a time', 'schedule: a\ncron: every day', '2:7 cron: expected five fields'],
    [
      'a time that never comes',
      'schedule: a\ncron: 0 0 31 2 *',
      '2:7 This expression names no time that ever comes.',
    ],
    [
      'a time zone',
      'schedule: a\ncron: "@daily"\ntimezone: Mars/Base',
      '3:11 timezone: expected an IANA time zone',
    ],
    [
      'targets and labels',
      'schedule: a\ncron: "@daily"\ntargets: [x]\nlabels: [{ key: a, value: b }]',
      '4:1 A schedule names targets or labels, not both.',
    ],
    ['a truth', 'schedule: a\ncron: "@daily"\nenabled: yes', '3:10 Expected true or false, not "yes".'],
    [
      'a pack',
      'pack: a\nrules:\n  - { id: a, kind: unknwn-key }',
      '3:20 There is no kind of rule "unknwn-key". Did you mean "unknown-key"?',
    ],
    [
      'a kind of document',
      'targt: a\nec2: {}',
      '1:1 This is no rule pack (pack: …), target (target: …) or schedule (schedule: …). Did you mean "target"?',
    ],
    [
      'two kinds in one',
      'target: a\nschedule: b',
      '1:1 A document has one of pack, target, schedule, not several',
    ],
    ['an empty file', '# later\n', '1:1 This is no rule pack'],
    ['what is no YAML', 'target: [', '1:10 This is not YAML'],
    ['two documents in one file', `${PACK}---\ntarget: a\n`, '4:1 This is not YAML'],
  ])('are refused for %s, at its place', (_what, text, fault) => {
    expect(
      faultsOf(text).some((found) => found.startsWith(fault)),
      faultsOf(text).join('\n'),
    ).toBe(true);
  });

  it('are refused for all faults at once', () => {
    const faults = faultsOf('target: a\nmod: WRITE\nmode: W\nec2:\n  regions: [x]\n  role: y\n');
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual(['2:1', '3:7', '5:13', '6:3']);
  });

  it('are refused when a pack fails its own tests', () => {
    const tests = 'tests:\n  - given: { platform: ec2, tags: { a: b } }\n    expect: [{ rule: a }]\n';
    expect(faultsOf(`${PACK}${tests}`)[0]).toMatch(
      /^5:5 The findings of this case are not the expected ones/,
    );
  });

  it('are never a crash, whatever they say', () => {
    const key = fc.constantFrom(
      ...[
        'target',
        'schedule',
        'pack',
        'mode',
        'labels',
        'rulePacks',
        'targets',
        'cron',
        'timezone',
        'ec2',
        'git',
      ],
      ...[
        'registry',
        'url',
        'regions',
        'tagsPerPush',
        'scratchManifestUntag',
        'organization',
        'constructor',
        '',
      ],
    );
    const leaf = fc.oneof(fc.string(), fc.constantFrom('web', 'true', '5', '@daily', 'https://h/a.git'));
    const { document } = fc.letrec((tie) => ({
      document: fc.dictionary(key, tie('value'), { maxKeys: 8 }),
      value: fc.oneof(leaf, fc.array(tie('value'), { maxLength: 3 }), tie('document')),
    }));

    fc.assert(
      fc.property(document, (written) => {
        const { packs, targets, schedules, faults } = read({ 'a.json': JSON.stringify(written) });
        expect(packs.length + targets.length + schedules.length + faults.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('have names of their own', () => {
    const { faults } = read({ 'a.yaml': PACK, 'b/c.yaml': PACK });
    expect(faults).toEqual([
      { file: 'b/c.yaml', line: 1, column: 7, message: 'The name "base" is already taken by a.yaml.' },
    ]);
  });
});
