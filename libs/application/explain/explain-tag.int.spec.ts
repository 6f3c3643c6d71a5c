import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  HygieneError,
  parseRulePack,
  summarizeRules,
  type Resource,
  type Tag,
  type TagExplanation,
} from '#core';
import { openDatabase, type PostgresDatabase } from '#persistence';
import { aResource, aTag, runScan, storedTarget, testDatabase, type TestDatabase } from '#testing';
import { OPERATIONS } from '../operations/catalog.js';
import type { NewTarget } from '../ports/stores.js';
import type { Viewer } from '../records/access.js';
import type { TargetRecord } from '../records/target.js';
import { PolicyCache } from '../rule-packs/policy-cache.js';
import { ExplainTag } from './explain-tag.js';

const PACK = `pack: acme
protect: [{ platforms: [registry], tags: [{ exact: stable }] }]
rules:
  - { id: wip, kind: name-pattern, mustNot: { re2: 'wip.*' }, severity: medium, fix: untag }
  - { id: signed, kind: unsigned-tag, on: { platforms: [git] } }
  - { id: moved, kind: moved-tag }
  - { id: few, kind: retention, on: { platforms: [registry] }, keep: { any: [{ newest: 2, orderBy: semver }] }, tags: [{ re2: '\\d.*' }], fix: untag }
  - { id: owner, kind: value-allowed, key: owner, values: [web], severity: high }
`;
const CLOCK = { now: () => new Date('2026-06-01T00:00:00Z') };
const ANYBODY: Viewer = { subject: 'token:a', source: 'TOKEN', scopes: ['READ'], targetIds: null };
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

let server: TestDatabase;
let database: PostgresDatabase;
let explain: ExplainTag;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
  const { pack } = parseRulePack(PACK);
  if (pack === null) throw new Error('the pack does not parse');
  await database.stores.rulePacks.append({
    ...{ name: 'acme', document: PACK, rules: summarizeRules(pack) },
    ...{ createdBy: 'me', expectedVersion: null },
  });
  const policies = new PolicyCache(database.stores.rulePacks);
  const { targets } = database.stores;
  explain = new ExplainTag({ targets, readModels: database.readModels, policies, clock: CLOCK });
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

async function seen(target: Partial<NewTarget>, resources: readonly Resource[]): Promise<TargetRecord> {
  const stored = await storedTarget(database, target);
  await rescan(stored, resources);
  return stored;
}

async function rescan({ id }: TargetRecord, resources: readonly Resource[]): Promise<void> {
  const units = resources.map((resource) => ({
    unit: { scope: resource.scope, resourceType: resource.resourceType },
    resources: [resource],
  }));
  await runScan(database, { targetId: id, units });
}

const repository = (name: string, tags: readonly Tag[]): Resource =>
  aResource(name, tags, { scope: name, resourceType: 'repository' });

interface Asked {
  readonly resource: string;
  readonly name: string;
}
const ask = (target: TargetRecord, asked: string | Asked, viewer = ANYBODY): Promise<TagExplanation> => {
  const written = typeof asked === 'string' ? { reference: asked } : asked;
  return explain.execute(viewer, OPERATIONS.explainTag.input.parse({ targetId: target.id, ...written }));
};
/** What an answer that must not come fails with. */
async function refusalOf(answer: Promise<TagExplanation>): Promise<HygieneError> {
  const outcome = await answer.catch((error: unknown) => error);
  if (outcome instanceof HygieneError) return outcome;
  return expect.fail(`expected a refusal, not ${JSON.stringify(outcome)}`);
}
const said = ({ verdicts }: TagExplanation) =>
  verdicts.map(({ ruleId, decision }) => `${ruleId} ${decision}`);

describe('explaining a tag of a registry', () => {
  let target: TargetRecord;
  beforeAll(async () => {
    const facts = { mediaType: 'application/vnd.oci.image.manifest.v1+json', layers: 3, subject: null };
    await database.stores.content.put(new Map(['1', '2', '3'].map((digit) => [digest(digit), facts])));
    const tags = [
      aTag('1.0.0', null, digest('1')),
      aTag('1.1.0', null, digest('2')),
      aTag('1.2.0', null, digest('3')),
      aTag('latest', null, digest('3')),
      aTag('stable', null, digest('2')),
      aTag('wip-1', null, digest('1')),
    ];
    target = await seen({ platform: 'registry', config: { url: 'https://registry.example' } }, [
      repository('library/app', tags),
      repository('acme/tool', [aTag('wip', null, digest('1')), aTag('1.0.0', null, digest('9'))]),
    ]);
    await database.stores.targets.setCapabilities(target.id, [
      { name: 'delete', supported: true, declared: false, detail: null, checkedAt: null },
      { name: 'delete-by-tag', supported: true, declared: false, detail: null, checkedAt: null },
    ]);
  });

  it('says what every rule says, by the group that retention decides over', async () => {
    const gone = await ask(target, 'app:1.0.0');
    expect(gone).toMatchObject({
      resource: 'library/app',
      name: '1.0.0',
      decision: 'UNTAG',
      removable: true,
    });
    expect(said(gone)).toEqual(['few UNTAG']);
    const kept = await ask(target, 'registry.example/library/app:1.2.0');
    expect(said(kept)).toEqual(['few KEEP']);
    expect(kept.verdicts[0]?.reason).toBe('Kept: among the newest 2 of 3 by semver (number 1).');
    expect(said(await ask(target, 'app'))).toEqual([]);
    expect(said(await ask(target, { resource: 'library/app', name: 'wip-1' }))).toEqual(['wip UNTAG']);
  });

  it('knows protectors, other names of the content, and that the target is read only', async () => {
    const { decision, verdicts, blockers } = await ask(target, 'app:stable');
    expect(decision).toBe('KEEP');
    expect(verdicts).toEqual([expect.objectContaining({ rulePack: 'acme', ruleId: null, decision: 'KEEP' })]);
    expect(blockers.map(({ code, references }) => [code, ...references])).toEqual([
      ['PROTECTED', 'acme/protect/0'],
      ['SHARED_CONTENT', '1.1.0'],
      ['CONTENT_UNKNOWN'],
      ['READ_ONLY_TARGET'],
    ]);
  });

  it('takes a digest and the beginning of one', async () => {
    const whole = await ask(target, `app@${digest('3')}`);
    expect(whole).toMatchObject({ resource: 'library/app', name: null });
    // Manifests without a tag are not in the inventory, and one of them may be an index that lists this one.
    expect(whole).toMatchObject({ removable: false, freesContent: false, steps: [] });
    expect(whole.blockers.map(({ code }) => code)).toContain('CONTENT_UNKNOWN');
    expect(await ask(target, '3333')).toEqual(whole);
    expect(await ask(target, 'sha256:33333333')).toEqual(whole);
  });

  it('names the candidates of what may mean several things', async () => {
    await expect(ask(target, '1111')).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      details: { candidates: [`"acme/tool@${digest('1')}"`, `"library/app@${digest('1')}"`] },
      message: expect.stringContaining('"1111" may be any of "acme/tool@sha256:1'),
    });
  });

  it.each<[string | Asked]>([
    ['app:2.0.0'],
    ['ghcr.io/library/app:1.0.0'],
    ['ffff'],
    [{ resource: 'library/app', name: 'x' }],
  ])('has nothing to say of %j', async (asked) => {
    await expect(ask(target, asked)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('shows a narrowed token its own targets alone', async () => {
    const narrowed: Viewer = { ...ANYBODY, targetIds: [crypto.randomUUID()] };
    const unknown = { ...target, id: crypto.randomUUID() };
    const refusal = async (asked: TargetRecord) => {
      const { code, message } = await refusalOf(ask(asked, 'app', narrowed));
      return [code, message.replace(asked.id, 'ID')];
    };
    expect(await refusal(target)).toEqual(await refusal(unknown));
    expect((await refusal(target))[0]).toBe('NOT_FOUND');
  });

  it('forgets a tag that has gone', async () => {
    const both = [aTag('x', null, digest('5')), aTag('y', null, digest('5'))];
    const gone = await seen({ platform: 'registry' }, [repository('a', both)]);
    await rescan(gone, [repository('a', both.slice(1))]);
    await expect(ask(gone, 'a:x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await ask(gone, 'a:y')).blockers.map(({ code }) => code)).not.toContain('SHARED_CONTENT');
  });
});

describe('explaining a ref', () => {
  it('takes names, whole refs and object ids, and knows where names pointed before', async () => {
    const tags = [
      aTag('v1', null, 'aaaa1111'),
      aTag('wip', null, 'bbbb2222'),
      aTag('v1-copy', null, 'aaaa1111'),
    ];
    const config = { url: 'https://git.example/acme/app.git' };
    const target = await seen({ platform: 'git', config }, [repository('acme/app', tags)]);
    expect(said(await ask(target, 'refs/tags/wip'))).toEqual(['signed UNKNOWN', 'wip UNTAG']);
    expect((await ask(target, 'bbbb')).name).toBe('wip');
    expect(await ask(target, 'aaaa')).toMatchObject({
      name: null,
      steps: [{ subject: 'acme/app@v1' }, { subject: 'acme/app@v1-copy' }],
    });

    await rescan(target, [repository('acme/app', [aTag('v1', null, 'cccc3333')])]);
    expect(said(await ask(target, 'v1'))).toEqual(['moved FIX', 'signed UNKNOWN']);
  });

  it('asks which repository is meant when several have the name', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `acme/app-${String(n).padStart(2, '0')}`);
    const target = await seen(
      { platform: 'git' },
      names.map((name) => repository(name, [aTag('v1', null, 'aaaa1111')])),
    );
    const error = await refusalOf(ask(target, 'v1'));
    expect(error.details['candidates']).toHaveLength(10);
    expect(error.message).toContain('"v1" of "acme/app-09" and more; say which');
    expect((await ask(target, { resource: 'acme/app-11', name: 'v1' })).resource).toBe('acme/app-11');
  });
});

describe('explaining a label', () => {
  it('takes an instance with a key, the beginning of its id, or the instance as a whole', async () => {
    const target = await seen({ platform: 'ec2' }, [
      aResource('i-0abc12', [aTag('owner', 'nobody'), aTag('aws:x', '1')]),
      aResource('vol-0abc12', [aTag('owner', 'web')], { resourceType: 'volume' }),
    ]);
    const answer = await ask(target, 'i-0abc12/owner');
    expect(answer).toMatchObject({ name: 'owner', decision: 'FIX', removable: true, freesContent: false });
    expect(said(answer)).toEqual(['owner FIX']);
    expect(await ask(target, 'i-0abc owner')).toEqual(answer);
    expect((await ask(target, 'i-0abc12/aws:x')).removable).toBe(false);
    expect(await ask(target, 'vol-0abc12')).toMatchObject({
      resource: 'vol-0abc12',
      name: null,
      verdicts: [],
    });
    await expect(ask(target, 'vol-0abc12/application')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

it('does not begin with a resource of more tags than one may wait for', async () => {
  const tags = Array.from({ length: 3 }, (_, n) => aTag(`v${n}`, null, digest('1')));
  const target = await seen({ platform: 'registry' }, [repository('big', tags)]);
  const place = { targetId: target.id, scope: 'big', resource: 'big', resourceType: 'repository' };
  const read = (most: number) => database.readModels.storedResource(place, { facts: new Set(), most });
  expect((await read(3))?.tags.length).toBe(3);
  await expect(read(2)).rejects.toMatchObject({
    code: 'LIMIT_EXCEEDED',
    message: expect.stringContaining('more than 2 tags'),
  });
});
