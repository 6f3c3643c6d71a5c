import { describe, expect, it } from 'vitest';
import { pointed, type GivenPointer } from '../../testing/pointer-builders.js';
import { labelled, packOf, policyOf } from '../../testing/policy-builders.js';
import type { Platform } from '../model/platform.js';
import type { Resource } from '../model/resource.js';
import { explain } from './explain.js';
import type { Explained, ExplanationContext, TagExplanation } from './explanation.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const DIGEST = {
  a: `sha256:${'a'.repeat(64)}`,
  b: `sha256:${'b'.repeat(64)}`,
  c: `sha256:${'c'.repeat(64)}`,
};

function about(platform: Platform, more: Partial<ExplanationContext> = {}): ExplanationContext {
  const address = platform === 'ec2' ? null : 'https://registry.example:5000';
  return { platform, target: 'prod', now: NOW, address, isWritable: true, can: () => true, ...more };
}

function ask(
  rules: readonly object[],
  explained: { resource: Resource } & Partial<Explained>,
  context: ExplanationContext,
  more: object = {},
): TagExplanation {
  const policy = policyOf(packOf({ pack: 'p', ...more, rules }));
  return explain(policy, { name: null, digest: null, ...explained }, context);
}

const said = ({ verdicts }: TagExplanation) =>
  verdicts.map(({ rulePack, ruleId, decision, reason }) => `${rulePack}/${ruleId} ${decision}: ${reason}`);
const codes = ({ blockers }: TagExplanation) => blockers.map(({ code }) => code);
const commands = ({ steps }: TagExplanation) => steps.map(({ command }) => command);
const at = (day: string) => new Date(`2025-${day}T00:00:00Z`);
/** An image that is no index, of which all is known. */
const image = (
  name: string,
  digest: string,
  more: Partial<Exclude<GivenPointer, string>> = {},
): GivenPointer => ({
  ...{ name, digest, children: [], subject: null },
  ...more,
});
const repository = (tags: readonly GivenPointer[]): Resource => pointed('acme/app', tags, { untagged: [] });

describe('what rules say of a label', () => {
  const rules = [
    {
      id: 'spelling',
      kind: 'key-spelling',
      canonical: 'environment',
      variants: ['env'],
      fix: { rename: { onConflict: 'report' } },
    },
    { id: 'known', kind: 'unknown-key', severity: 'info' },
  ];
  const vocabulary = { keys: ['environment', 'owner'] };

  it('is its findings, and how each ends', () => {
    const resource = labelled('i-1', { env: 'test' });
    const answer = ask(rules, { resource, name: 'env' }, about('ec2'), { vocabulary });
    expect(said(answer)).toEqual([
      expect.stringMatching(/^p\/known FIX: .* Nothing is changed: this is reported only\.$/),
      expect.stringMatching(/^p\/spelling FIX: .*Rename/),
    ]);
    expect(answer).toMatchObject({ decision: 'FIX', removable: true, freesContent: false, blockers: [] });
  });

  it('names the conflict that holds a fix', () => {
    const resource = labelled('i-1', { env: 'test', environment: 'production' });
    const answer = ask([rules[0] ?? {}], { resource, name: 'env' }, about('ec2'), { vocabulary });
    expect(said(answer)).toEqual([expect.stringMatching(/^p\/spelling FIX: .* Held: /)]);
    expect(answer.blockers).toEqual([expect.objectContaining({ code: 'VALUE_CONFLICT', hard: false })]);
    expect(answer.decision).toBe('KEEP');
  });

  it('is nothing for a key that is right', () => {
    const answer = ask(rules, { resource: labelled('i-1', { owner: 'web' }), name: 'owner' }, about('ec2'), {
      vocabulary,
    });
    expect(answer).toMatchObject({
      decision: 'KEEP',
      reason: 'No rule finds anything wrong with it.',
      verdicts: [],
    });
    expect(commands(answer)).toEqual([
      `aws ec2 delete-tags --region eu-west-1 --resources i-1 --tags '[{"Key":"owner","Value":"web"}]'`,
    ]);
  });

  it('gives way to every protector: of packs, then built in', () => {
    const resource = labelled('i-1', { 'Patch Group': 'web' });
    const rule = { id: 'retired', kind: 'stale-key', keys: [{ exact: 'Patch Group' }], fix: 'remove' };
    const protect = [
      { tags: [{ prefix: 'Patch' }] },
      { resources: [{ exact: 'i-1' }] },
      { tags: [{ exact: 'x' }] },
    ];
    const answer = ask([rule], { resource, name: 'Patch Group' }, about('ec2'), { protect });
    expect(answer.verdicts.map(({ rulePack, ruleId, decision }) => [rulePack, ruleId, decision])).toEqual([
      ['p', null, 'KEEP'],
      ['p', null, 'KEEP'],
      [null, null, 'KEEP'],
      ['p', 'retired', 'FIX'],
    ]);
    expect(answer.decision).toBe('KEEP');
    expect(answer.blockers.map(({ code, references, hard }) => [code, ...references, hard])).toEqual([
      ['PROTECTED', 'p/protect/0', true],
      ['PROTECTED', 'p/protect/1', true],
      ['PROTECTED', 'built-in/exact "Patch Group"', true],
    ]);
    expect(answer.steps.map(({ action }) => action)).toEqual([
      ...['lift-protection', 'lift-protection', 'lift-protection'],
      'remove-tag',
    ]);
  });

  it('leaves what AWS keeps for itself', () => {
    const answer = ask(rules, { resource: labelled('i-1', { 'aws:x': '1' }), name: 'aws:x' }, about('ec2'), {
      vocabulary,
    });
    expect(answer).toMatchObject({ decision: 'KEEP', removable: false, steps: [] });
    expect(answer.verdicts).toEqual([
      expect.objectContaining({ rulePack: null, ruleId: null, decision: 'KEEP' }),
    ]);
    expect(codes(answer)).toEqual(['RESERVED']);
  });
});

describe('what retention says of a name', () => {
  const tags = [
    image('3', DIGEST.a, { created: at('12-03') }),
    image('2', DIGEST.b, { created: at('12-02') }),
    image('1', DIGEST.c, { created: at('12-01') }),
    image('1-lts', DIGEST.c, { created: at('12-01') }),
    { name: 'undated', digest: 'sha256:d' },
  ];
  const keep = { any: [{ newest: 2, orderBy: 'created' }, { matching: { glob: '*-lts' } }] };
  const rule = { id: 'few', kind: 'retention', keep, fix: 'untag' };
  const of = (name: string, more: object = {}) =>
    ask([{ ...rule, ...more }], { resource: repository(tags), name }, about('registry'));

  it.each([
    ['3', 'p/few KEEP: Kept: among the newest 2 of 4 by created (number 1).'],
    ['2', 'p/few KEEP: Kept: among the newest 2 of 4 by created (number 2).'],
    ['1-lts', 'p/few KEEP: Kept: named like "*-lts".'],
    ['undated', 'p/few UNKNOWN: Not evaluated for want of a fact: when it was created.'],
  ])('keeps %s', (name, verdict) => {
    expect(said(of(name))).toEqual([verdict]);
  });

  it('lets go', () => {
    const answer = of('1');
    expect(said(answer)).toEqual([
      expect.stringMatching(/^p\/few UNTAG: The tag "1" is not among .* Untag "1"\.$/),
    ]);
    expect(answer).toMatchObject({ decision: 'UNTAG', reason: 'Untag "1".' });
    expect(of('undated')).toMatchObject({ decision: 'UNKNOWN' });
  });

  it('keeps a manifest by another of its tags, what has not expired, and what the floor holds', () => {
    expect(said(of('1', { unit: 'manifest' }))[0]).toMatch(/KEEP: Kept: named like/);
    const expire = { olderThan: '30d', ageOf: 'created' };
    expect(said(of('2', { keep: undefined, expire }))).toEqual([
      'p/few KEEP: Kept, for it has not expired: at most 30 days old (created 2025-12-02).',
    ]);
    const floored = {
      keep: undefined,
      expire: { ...expire, olderThan: '1d' },
      floor: 1,
      tags: [{ re2: '\\d' }],
    };
    expect(said(of('3', floored))).toEqual([
      'p/few KEEP: Kept: among the newest 1 of 3 by created (number 1), which the floor never undercuts.',
    ]);
  });

  it('keeps everything when a pattern to keep matches nothing', () => {
    const answer = of('1', {
      keep: { any: [{ newest: 1, orderBy: 'created' }, { matching: { glob: 'none*' } }] },
    });
    expect(said(answer)).toEqual([expect.stringMatching(/^p\/few KEEP: No name here is like "none\*"/)]);
    expect(answer.decision).toBe('KEEP');
  });

  it('says of which name it speaks when content with several was asked about', () => {
    const answer = ask([rule], { resource: repository(tags), digest: DIGEST.c }, about('registry'));
    expect(said(answer)).toEqual([
      'p/few KEEP: "1-lts": Kept: named like "*-lts".',
      expect.stringMatching(/^p\/few UNTAG: The tag "1" is not among/),
    ]);
  });

  it('is nothing where the rule has no say', () => {
    expect(said(of('1', { tags: [{ prefix: 'v' }] }))).toEqual([]);
    expect(said(of('1', { on: { resources: ['other'].map((exact) => ({ exact })) } }))).toEqual([]);
  });

  it('leaves the say to the rule that owns the name', () => {
    const owner = {
      id: 'first',
      kind: 'retention',
      priority: 1,
      claims: true,
      tags: [{ exact: '1' }],
      keep: { any: [{ newest: 1, orderBy: 'created' }] },
    };
    const answer = ask([owner, rule], { resource: repository(tags), name: '1' }, about('registry'));
    expect(said(answer)).toEqual([
      'p/few KEEP: Kept: a rule with a better priority owns it.',
      'p/first KEEP: Kept: among the newest 1 of 1 by created (number 1).',
    ]);
  });
});

describe('what holds the content of an image', () => {
  const index = image('multi', DIGEST.a, { children: [DIGEST.b] });
  const tags = [index, image('amd64', DIGEST.b), image('1.0', DIGEST.c), image('latest', DIGEST.c)];
  const of = (explained: Partial<Explained>, given = tags, more: Partial<ExplanationContext> = {}) =>
    ask([], { resource: repository(given), ...explained }, about('registry', more));

  it('is another name, an index, or nothing', () => {
    const shared = of({ name: '1.0' });
    expect(shared).toMatchObject({ removable: true, freesContent: false });
    expect(shared.blockers).toEqual([
      {
        code: 'SHARED_CONTENT',
        message: expect.stringContaining('"latest"'),
        references: ['latest'],
        hard: false,
      },
    ]);
    expect(of({ name: 'amd64' })).toMatchObject({
      freesContent: false,
      blockers: [{ code: 'IN_INDEX', references: ['multi'] }],
    });
    expect(of({ name: 'multi' })).toMatchObject({ removable: true, freesContent: true, blockers: [] });
  });

  it('is told of what would be about nothing', () => {
    const signature = image(`sha256-${'a'.repeat(64)}.sig`, 'sha256:s');
    const bundle = image('sbom', 'sha256:t', { subject: DIGEST.a });
    const answer = of({ name: 'multi' }, [...tags, signature, bundle]);
    expect(answer).toMatchObject({ freesContent: true, blockers: [{ code: 'HAS_REFERRERS' }] });
    expect(answer.blockers[0]?.references).toEqual([`sha256-${'a'.repeat(64)}.sig`, 'sbom']);
  });

  it('is unknown, and so taken to be held, when a fact is missing', () => {
    const unread = of({ name: 'multi' }, [...tags, { name: 'other', digest: 'sha256:x' }]);
    expect(unread).toMatchObject({
      removable: true,
      freesContent: false,
      blockers: [{ code: 'CONTENT_UNKNOWN' }],
    });
    const pointsNowhere = of({ name: 'lost' }, [...tags, { name: 'lost' }]);
    expect(pointsNowhere).toMatchObject({ freesContent: false });
  });

  it('is unknown where nobody looked for manifests without a tag, and then no command removes it', () => {
    const unlooked = (explained: Partial<Explained>) =>
      ask([], { resource: pointed('acme/app', tags), ...explained }, about('registry'));
    expect(unlooked({ name: 'multi' })).toMatchObject({ removable: true, freesContent: false });
    expect(codes(unlooked({ name: 'multi' }))).toEqual(['CONTENT_UNKNOWN']);
    expect(unlooked({ digest: DIGEST.a })).toMatchObject({
      removable: false,
      freesContent: false,
      steps: [],
    });
  });

  it('goes in order when content is what was asked about', () => {
    const answer = of({ digest: DIGEST.b });
    expect(answer).toMatchObject({ name: null, removable: false });
    expect(commands(answer)).toEqual([
      'regctl tag delete registry.example:5000/acme/app:multi',
      'regctl tag delete registry.example:5000/acme/app:amd64',
      `regctl manifest delete registry.example:5000/acme/app@${DIGEST.b}`,
    ]);
  });

  it.each([
    [{ delete: false, 'delete-by-tag': false }, false, ['DELETE_REFUSED'], 0],
    [{}, false, ['DELETE_UNKNOWN'], 0],
    [{ delete: true, 'delete-by-tag': false }, false, ['DELETES_MANIFESTS_ONLY'], 1],
    [{ delete: true, 'delete-by-tag': true }, true, [], 1],
  ])('hangs on what the registry can do: %j', (can: Record<string, boolean>, removable, expected, steps) => {
    const answer = of({ name: '1.0' }, tags, { can: (name) => can[name] ?? null });
    expect([answer.removable, codes(answer), answer.steps.length]).toEqual([
      removable,
      [...expected, 'SHARED_CONTENT'],
      steps,
    ]);
  });

  it('is said to be out of reach of plans where the target is read only', () => {
    expect(codes(of({ name: 'multi' }, tags, { isWritable: false }))).toEqual(['READ_ONLY_TARGET']);
  });
});

describe('a docker image', () => {
  const of = (tags: readonly string[], name: string | null, facts: Resource['facts']) =>
    ask([], { resource: pointed('sha256:i', tags, { resourceType: 'image', facts }), name }, about('docker'));

  const free = { containers: 0, children: 0 };
  it.each([
    { tags: ['app:1', 'app:2'], facts: { containers: 3 }, answer: [true, false, 'SHARED_CONTENT'] },
    { tags: ['app:1'], facts: free, answer: [true, true] },
    { tags: ['app:1'], facts: { containers: 2, children: 0 }, answer: [false, false, 'IN_USE'] },
    { tags: ['app:1'], facts: { containers: 0, children: 1 }, answer: [false, false, 'HAS_CHILDREN'] },
    { tags: ['app:1'], facts: {}, answer: [false, false, 'IN_USE_UNKNOWN', 'HAS_CHILDREN_UNKNOWN'] },
    { tags: [], facts: free, answer: [true, true] },
  ])('$tags, $facts', ({ tags, facts, answer }) => {
    const explanation = of(tags, tags[0] ?? null, facts);
    const { removable, freesContent } = explanation;
    expect([removable, freesContent, ...codes(explanation)]).toEqual(answer);
  });

  it('is freed step by step', () => {
    expect(
      of(["app:it's"], "app:it's", { containers: 2, children: 0 }).steps.map(({ action, command }) => [
        action,
        command,
      ]),
    ).toEqual([
      ['remove-containers', null],
      ['remove-tag', `docker rmi 'app:it'\\''s'`],
    ]);
    expect(commands(of([], null, free))).toEqual(['docker rmi sha256:i']);
  });
});

it('a git tag may be protected by its forge, which nobody has asked', () => {
  const answer = ask([], { resource: pointed('acme/app', ['v1']), name: 'v1' }, about('git'));
  expect(answer).toMatchObject({ removable: false, freesContent: false });
  expect(codes(answer)).toEqual(['PROTECTION_UNKNOWN']);
});

it('a git tag goes by a lease on where it stood', () => {
  const resource = pointed('acme/app', [{ name: 'v1 x', digest: 'abc' }]);
  const context = about('git', { address: 'https://git.example/acme/app.git' });
  expect(commands(ask([], { resource, name: 'v1 x' }, context))).toEqual([
    `git push '--force-with-lease=refs/tags/v1 x:abc' https://git.example/acme/app.git ':refs/tags/v1 x'`,
  ]);
});
