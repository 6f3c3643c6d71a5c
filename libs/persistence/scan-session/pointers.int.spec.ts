import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PointerFact, Resource, Tag } from '#core';
import type { PointerHistory } from '#application';
import {
  aFault,
  aResource,
  aTag,
  type FoundFault,
  startScan,
  storedTarget,
  testDatabase,
  type TestDatabase,
} from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const UNIT = { scope: 'acme', resourceType: 'repository' };
const [A, B, C] = ['sha256:a', 'sha256:b', 'sha256:c'];
const ALL = { first: 200, after: null };
const WAS: ReadonlySet<PointerFact> = new Set(['was']);
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

let server: TestDatabase;
let database: PostgresDatabase;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

const repository = (resource: string, tags: readonly Tag[]) => aResource(resource, tags, UNIT);
/** `app` with these names; null stands for a repository that is away. */
const app = (names: Readonly<Record<string, string>> | null) =>
  names === null
    ? []
    : [
        repository(
          'acme/app',
          Object.entries(names).map(([name, digest]) => aTag(name, null, digest)),
        ),
      ];

interface Seen {
  readonly facts?: ReadonlySet<PointerFact>;
  readonly faults?: readonly FoundFault[];
}

/** One scan of the whole unit; what its history said, by resource and name. */
async function scan(
  targetId: string,
  minute: number,
  resources: readonly Resource[],
  { facts = WAS, faults = [] }: Seen = {},
): Promise<Record<string, PointerHistory>> {
  const { session, scan: claimed, owner } = await startScan(database, { targetId, at: at(minute) });
  await session.recordResources(UNIT, resources);
  const history = await session.history(resources, facts);
  await session.recordFindings(UNIT, faults);
  await session.completeUnit(UNIT);
  await database.stores.scans.finish(claimed.id, owner, {
    status: 'SUCCEEDED',
    progress: { done: 1, total: 1, resources: 0, tags: 0 },
    rulePacks: [],
    counts: await session.finish([{ rulePack: 'labels', ruleId: 'spelling' }]),
    notEvaluated: [],
    errors: [],
  });
  return Object.fromEntries(
    resources.flatMap(({ resource, tags }, i) =>
      tags.map(({ name }, j) => [`${resource}:${name}`, history[i]?.[j] ?? {}] as const),
    ),
  );
}

const registry = async (name = `registry ${crypto.randomUUID()}`) =>
  (await storedTarget(database, { platform: 'registry', name })).id;

describe('what a name is known by', () => {
  it('is where it points, until it moves; then what it was, until it is back', async () => {
    const id = await registry();
    const was = async (minute: number, digest: string) =>
      (await scan(id, minute, app({ v1: digest, v2: C })))['acme/app:v1'];

    expect(await was(1, A)).toEqual({ was: A, cameBack: false });
    expect(await was(2, A)).toEqual({ was: A, cameBack: false });
    expect(await was(3, B)).toEqual({ was: A, cameBack: false });
    expect(await was(4, C)).toEqual({ was: A, cameBack: false });
    expect(await was(5, A)).toEqual({ was: A, cameBack: false });
    expect(await was(6, B)).toEqual({ was: A, cameBack: false });
  });

  it('survives a time in which the platform does not say where it points', async () => {
    const id = await registry();
    const silent = [repository('acme/app', [{ ...aTag('v1', null), value: null }])];
    await scan(id, 1, app({ v1: A }));

    expect((await scan(id, 2, silent))['acme/app:v1']).toEqual({ was: A, cameBack: false });
    expect((await scan(id, 3, app({ v1: A })))['acme/app:v1']).toEqual({ was: A, cameBack: false });
    await scan(id, 4, silent);
    expect((await scan(id, 5, app({ v1: B })))['acme/app:v1']).toEqual({ was: A, cameBack: false });
  });

  it('says of a name that had gone that it came back, each time until it is gone again', async () => {
    const id = await registry();
    await scan(id, 1, app({ v1: A, v2: A }));
    await scan(id, 2, app({ v2: A }));

    expect((await scan(id, 3, app({ v1: A, v2: A })))['acme/app:v1']).toEqual({ was: A, cameBack: true });
    expect(await scan(id, 4, app({ v1: B, v2: A }))).toEqual({
      'acme/app:v1': { was: A, cameBack: true },
      'acme/app:v2': { was: A, cameBack: false },
    });
    await scan(id, 5, app({ v2: A }));
    expect((await scan(id, 6, app({ v1: B, v2: A })))['acme/app:v1']).toEqual({ was: A, cameBack: true });
  });

  it('does not say so of the names of a repository that was away as a whole, but of a name that moved meanwhile', async () => {
    const id = await registry();
    await scan(id, 1, app({ v1: A, v2: A, v3: A }));
    await scan(id, 2, app(null));
    await scan(id, 3, app({ v1: A, v2: B }));

    expect(await scan(id, 4, app({ v1: A, v2: B, v3: A }))).toEqual({
      'acme/app:v1': { was: A, cameBack: false },
      'acme/app:v2': { was: A, cameBack: false },
      'acme/app:v3': { was: A, cameBack: true },
    });
  });

  it('keeps what an annotated tag resolves to, though a scan does not say', async () => {
    const id = await registry();
    const tag = (pointer?: Tag['pointer'], digest = A) => [
      repository('acme/app', [{ ...aTag('v1', null, digest), ...(pointer && { pointer }) }]),
    ];
    const stored = async () =>
      (await database.readModels.tags({ targetIds: [id] }, ALL, null)).edges.map(
        ({ node: { digest, peeled, annotated } }) => ({ digest, peeled, annotated }),
      );
    await scan(id, 1, tag({ peeled: C, annotated: true }));
    await scan(id, 2, tag());
    expect(await stored()).toEqual([{ digest: A, peeled: C, annotated: true }]);
    await scan(id, 3, tag({ peeled: B, annotated: false }, B));
    expect(await stored()).toEqual([{ digest: B, peeled: null, annotated: false }]);
    await scan(id, 4, tag(undefined, C));
    expect(await stored()).toEqual([{ digest: C, peeled: null, annotated: null }]);
  });
});

describe('a suppressed move', () => {
  const move = (id: string, to: string, tag = 'v1', from: string | null = A) =>
    aFault(`${id}/${tag}/${to}`, {
      ...UNIT,
      resource: 'acme/app',
      tag,
      evidence: { pointerMove: { from, to } },
    });
  const suppression = { reason: 'meant', by: 'somebody', at: at(30), until: null };

  it('is accepted: the name is known by where it points now, and the finding resolves', async () => {
    const id = await registry();
    const finding = move(id, B);
    await scan(id, 1, app({ v1: A, v2: A }));
    await scan(id, 2, app({ v1: B, v2: B }), { faults: [finding] });
    await database.stores.findings.suppress(finding.id, suppression, null);

    expect(await scan(id, 3, app({ v1: B, v2: B }))).toEqual({
      'acme/app:v1': { was: B, cameBack: false },
      'acme/app:v2': { was: A, cameBack: false },
    });
    expect(await database.stores.findings.find(finding.id)).toMatchObject({ state: 'RESOLVED' });
    expect((await scan(id, 4, app({ v1: A, v2: B })))['acme/app:v1']).toEqual({ was: B, cameBack: false });
  });

  it('of a name that came back is accepted, too', async () => {
    const id = await registry();
    const finding = move(id, A, 'v1', null);
    await scan(id, 1, app({ v1: A, v2: A }));
    await scan(id, 2, app({ v2: A }));
    await scan(id, 3, app({ v1: A, v2: A }), { faults: [finding] });
    await database.stores.findings.suppress(finding.id, suppression, null);

    expect((await scan(id, 4, app({ v1: A, v2: A })))['acme/app:v1']).toEqual({ was: A, cameBack: false });
  });

  it('is accepted with all others that match a filter', async () => {
    const id = await registry();
    const faults = [
      move(id, B),
      move(id, C, 'v2'),
      aFault(`${id}/other`, { ...UNIT, resource: 'acme/app', tag: 'v3' }),
    ];
    await scan(id, 1, app({ v1: A, v2: A, v3: A }));
    await scan(id, 2, app({ v1: B, v2: C, v3: B }), { faults });

    expect(await database.stores.findings.suppressAll({ targetIds: [id] }, suppression, null)).toEqual({
      count: 3,
      targetIds: [id],
    });
    expect(await scan(id, 3, app({ v1: B, v2: C, v3: B }))).toEqual({
      'acme/app:v1': { was: B, cameBack: false },
      'acme/app:v2': { was: C, cameBack: false },
      'acme/app:v3': { was: A, cameBack: false },
    });
  });

  it('is no longer accepted once it is suppressed until a day instead', async () => {
    const id = await registry();
    const finding = move(id, B);
    await scan(id, 1, app({ v1: A }));
    await scan(id, 2, app({ v1: B }), { faults: [finding] });
    await database.stores.findings.suppress(finding.id, suppression, null);
    await database.stores.findings.suppress(finding.id, { ...suppression, until: at(60) }, null);

    expect((await scan(id, 3, app({ v1: B })))['acme/app:v1']).toEqual({ was: A, cameBack: false });
  });

  it.each([
    ['until a day', { suppression: { ...suppression, until: at(60) }, visible: null, stands: B }],
    ['by somebody who does not see the target', { suppression, visible: ['other'], stands: B }],
    ['after the name has moved on', { suppression, visible: null, stands: C }],
  ])('is not accepted %s', async (_how, { suppression: given, visible, stands }) => {
    const id = await registry();
    const finding = move(id, B);
    await scan(id, 1, app({ v1: A }));
    await scan(id, 2, app({ v1: B }), { faults: [finding] });
    await scan(id, 3, app({ v1: stands }), { faults: [finding] });
    await database.stores.findings.suppress(finding.id, given, visible);

    expect((await scan(id, 4, app({ v1: stands })))['acme/app:v1']).toEqual({ was: A, cameBack: false });
  });

  it.each([
    { from: A, expected: { was: A, cameBack: false } },
    { from: null, expected: { was: B, cameBack: true } },
  ])('is no longer accepted when the suppression is taken back (from $from)', async ({ from, expected }) => {
    const id = await registry();
    const finding = move(id, B, 'v1', from);
    await scan(id, 1, app({ v1: from ?? B, v2: A }));
    if (from === null) await scan(id, 2, app({ v2: A }));
    await scan(id, 3, app({ v1: B, v2: A }), { faults: [finding] });
    await database.stores.findings.suppress(finding.id, suppression, null);
    await database.stores.findings.unsuppress(finding.id, ['other']);
    expect((await database.stores.findings.find(finding.id))?.state).toBe('SUPPRESSED');
    await database.stores.findings.unsuppress(finding.id, null);

    expect((await scan(id, 4, app({ v1: B, v2: A }), { faults: [finding] }))['acme/app:v1']).toEqual(
      expected,
    );
  });
});

describe('history', () => {
  it('gives the facts asked for, and no others', async () => {
    const id = await registry();
    const seen = async (minute: number, ...facts: PointerFact[]) =>
      (await scan(id, minute, app({ 'only here': A }), { facts: new Set(facts) }))['acme/app:only here'];

    expect(await seen(1)).toEqual({});
    expect(await seen(2, 'created', 'manifest')).toEqual({});
    expect(await seen(3, 'firstSeen')).toEqual({ firstSeenAt: at(1) });
    expect(await seen(4, 'elsewhere')).toEqual({ elsewhere: [] });
    expect(await seen(5, 'firstSeen', 'was', 'elsewhere')).toEqual({
      firstSeenAt: at(1),
      was: A,
      cameBack: false,
      elsewhere: [],
    });
  });

  it('tells of the same name in repositories of the same name, in other targets of the platform', async () => {
    const names = [1, 2].map((n) => `mirror ${n} ${crypto.randomUUID()}`);
    const [own, ...mirrors] = await Promise.all([registry(), ...names.map((name) => registry(name))]);
    const git = (await storedTarget(database, { platform: 'git' })).id;
    const [first = '', second = ''] = mirrors;
    const path = `acme/${crypto.randomUUID()}`;
    const there = (tags: Record<string, string | null>, resource = path) => [
      repository(
        resource,
        Object.entries(tags).map(([name, digest]) => ({ ...aTag(name, null), digest })),
      ),
    ];
    await scan(first, 1, there({ v1: A, gone: A, unsaid: null }));
    await scan(first, 2, there({ v1: B, unsaid: null }));
    await scan(second, 1, [...there({ v1: A, v2: C }), ...there({ v3: C }, `${path}/more`)]);
    await scan(git, 1, there({ v1: C }));

    const facts = new Set<PointerFact>(['elsewhere']);
    const given = { v1: A, v2: A, v3: A, gone: A, unsaid: A };
    const told = await scan(own ?? '', 3, [...there(given), ...there({ v1: A }, `${path}/none`)], { facts });
    const [one = '', two = ''] = names;
    expect(told).toEqual({
      [`${path}:v1`]: {
        elsewhere: [
          { target: one, digest: B },
          { target: two, digest: A },
        ],
      },
      [`${path}:v2`]: { elsewhere: [{ target: two, digest: C }] },
      [`${path}:v3`]: { elsewhere: [] },
      [`${path}:gone`]: { elsewhere: [] },
      [`${path}:unsaid`]: { elsewhere: [] },
      [`${path}/none:v1`]: { elsewhere: [] },
    });
    await scan(second, 4, []);
    expect((await scan(own ?? '', 5, there({ v1: A }), { facts }))[`${path}:v1`]).toEqual({
      elsewhere: [{ target: one, digest: B }],
    });
  });

  it('tells of twenty other places of a name, not more', async () => {
    const path = `acme/${crypto.randomUUID()}`;
    const held = [repository(path, [aTag('v1', null, A)])];
    for (let n = 0; n < 22; n++) await scan(await registry(), 1, held);

    const told = await scan(await registry(), 2, held, { facts: new Set<PointerFact>(['elsewhere']) });
    expect(told[`${path}:v1`]?.elsewhere).toHaveLength(20);
  });

  it('finds its way when a repository comes in pages, and names are hostile', async () => {
    const id = await registry();
    const { session } = await startScan(database, { targetId: id, at: at(1) });
    const pages = [['v1', 'a\u0000b'], [`${'x'.repeat(5_000)}1`, 'v2'], []].map((names) =>
      repository(
        'acme/\u0000app',
        names.map((name) => aTag(name, null, A)),
      ),
    );
    for (const page of pages) await session.recordResources(UNIT, [page]);

    const known = { firstSeenAt: at(1), was: A, cameBack: false };
    expect(await session.history(pages, new Set<PointerFact>(['firstSeen', 'was']))).toEqual([
      [known, known],
      [known, known],
      [],
    ]);
    expect(await session.tagCounts(UNIT)).toMatchObject({ seen: 4 });
  });

  it('reads a repository of 200,000 tags in bounded time, on tables the planner knows nothing of', async () => {
    const many = (prefix: string) =>
      repository(
        'acme/huge',
        Array.from({ length: 200_000 }, (_, n) => aTag(`v${n}`, null, `sha256:${prefix}${n}`)),
      );
    await scan(await registry(), 1, [many('there')], { facts: new Set() });
    const { session } = await startScan(database, { targetId: await registry(), at: at(1) });
    const own = many('own');
    await session.recordResources(UNIT, [own]);

    const start = performance.now();
    const [history = []] = await session.history(
      [own],
      new Set<PointerFact>(['firstSeen', 'was', 'elsewhere']),
    );
    const seconds = (performance.now() - start) / 1_000;

    expect(history).toHaveLength(200_000);
    expect(history[199_999]).toMatchObject({
      firstSeenAt: at(1),
      was: 'sha256:own199999',
      elsewhere: [{ digest: 'sha256:there199999' }],
    });
    // Two to five seconds on two cores; a plan that is quadratic takes minutes.
    expect(seconds).toBeLessThan(30);
  }, 180_000);
});
