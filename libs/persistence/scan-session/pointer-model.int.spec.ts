import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PointerHistory } from '#application';
import { aFault, aResource, aTag, startScan, storedTarget, testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

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

const SCOPES = ['one', 'two'];
const NAMES = ['v1', 'v2'];
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

/** What the platform holds of one scope: names and where they point; null: a scope without its repository; undefined: not told of. */
type Held = Readonly<Record<string, string>> | null | undefined;
type Step =
  | { readonly do: 'scan'; readonly world: Readonly<Record<string, Held>>; readonly all: boolean }
  | { readonly do: 'suppress' | 'unsuppress'; readonly place: string };

const digest = fc.constantFrom('sha256:a', 'sha256:b', 'sha256:c');
const held = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.dictionary(fc.constantFrom(...NAMES), digest, { maxKeys: 2, noNullPrototype: true }),
  },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
);
const place = fc.constantFrom(...SCOPES.flatMap((scope) => NAMES.map((name) => `${scope}/${name}`)));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('scan' as const),
      world: fc.record({ one: held, two: held }),
      all: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('suppress' as const), place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unsuppress' as const), place }) },
);

interface Name {
  digest: string;
  gone: boolean;
  first: number;
  /** What it is known by. */
  was: string;
  back: boolean;
  accepted: { readonly was: string; readonly back: boolean } | null;
}

/** What a name is known by, written down as naively as can be. */
class Model {
  readonly names = new Map<string, Name>();
  private readonly away = new Set<string>();

  /** The facts of every name that a scan sees. */
  see(minute: number, scope: string, names: Readonly<Record<string, string>>): Map<string, PointerHistory> {
    const comesAlong = this.away.delete(scope);
    const seen = new Map<string, PointerHistory>();
    for (const [name, digest] of Object.entries(names)) {
      const key = `${scope}/${name}`;
      const known = this.names.get(key);
      const fresh = { digest, gone: false, first: minute, was: digest, back: false, accepted: null };
      const now = known ?? fresh;
      if (now.gone && !comesAlong) now.back = true;
      Object.assign(now, { digest, gone: false, accepted: null });
      this.names.set(key, now);
      seen.set(key, { firstSeenAt: at(now.first), was: now.was, cameBack: now.back });
    }
    return seen;
  }

  settle(scope: string, names: Held): void {
    if (names === null || names === undefined) this.away.add(scope);
    for (const [key, name] of this.names) {
      if (!key.startsWith(`${scope}/`) || (names && Object.hasOwn(names, key.slice(scope.length + 1))))
        continue;
      Object.assign(name, { gone: true, back: false, accepted: null });
    }
  }

  suppress(key: string): void {
    const name = this.names.get(key);
    if (name === undefined || name.gone || (name.was === name.digest && !name.back)) return;
    name.accepted = { was: name.was, back: name.back };
    Object.assign(name, { was: name.digest, back: false });
  }

  unsuppress(key: string): void {
    const name = this.names.get(key);
    if (name === undefined || name.accepted === null) return;
    const { was } = name.accepted;
    Object.assign(name, { was, back: was === name.digest, accepted: null });
  }
}

async function scan(
  targetId: string,
  minute: number,
  { world, all }: Extract<Step, { do: 'scan' }>,
  model: Model,
) {
  const { session, scan: claimed, owner } = await startScan(database, { targetId, at: at(minute) });
  const told = SCOPES.filter((scope) => world[scope] !== undefined);
  for (const scope of told) {
    const unit = { scope, resourceType: 'repository' };
    const names = world[scope];
    if (names) {
      const tags = Object.entries(names).map(([name, points]) => aTag(name, null, points));
      const resources = [aResource(scope, tags, unit)];
      await session.recordResources(unit, resources);
      const [history = []] = await session.history(resources, new Set(['firstSeen', 'was'] as const));
      const seen = new Map(tags.map(({ name }, i) => [`${scope}/${name}`, history[i] ?? {}]));
      expect(seen).toEqual(model.see(minute, scope, names));
      const faults = tags.flatMap(({ name, digest: to }, i) => {
        const { was: from = null, cameBack } = history[i] ?? {};
        if (from === to && cameBack !== true) return [];
        const evidence = { pointerMove: { from, to } };
        return [
          aFault(`${targetId}/${scope}/${name}/${to}`, { ...unit, resource: scope, tag: name, evidence }),
        ];
      });
      await session.recordFindings(unit, faults);
    }
    await session.completeUnit(unit);
    model.settle(scope, names);
  }
  if (all) {
    await session.completeOtherScopes(new Set(told));
    for (const scope of SCOPES) if (world[scope] === undefined) model.settle(scope, undefined);
  }
  await database.stores.scans.finish(claimed.id, owner, {
    status: 'SUCCEEDED',
    progress: { done: 1, total: 1, resources: 0, tags: 0 },
    rulePacks: [],
    counts: await session.finish([{ rulePack: 'labels', ruleId: 'spelling' }]),
    notEvaluated: [],
    errors: [],
  });
}

it('any sequence of scans, suppressions and scopes that go leaves names known by what a naive model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 9 }), async (steps) => {
      const { id } = await storedTarget(database, { platform: 'registry' });
      const model = new Model();
      const everything = Object.fromEntries(
        SCOPES.map((scope) => [scope, { v1: 'sha256:a', v2: 'sha256:b' }]),
      );
      const last: Step = { do: 'scan', world: everything, all: true };
      for (const [index, current] of [...steps, last].entries()) {
        if (current.do === 'scan') {
          await scan(id, index + 1, current, model);
          continue;
        }
        const finding = `${id}/${current.place}/${model.names.get(current.place)?.digest ?? ''}`;
        if (current.do === 'suppress') {
          const suppression = { reason: 'r', by: 'b', at: at(index + 1), until: null };
          await database.stores.findings.suppress(finding, suppression, null);
          model.suppress(current.place);
        } else {
          await database.stores.findings.unsuppress(finding, null);
          model.unsuppress(current.place);
        }
      }
    }),
    { numRuns: 40 },
  );
});
