import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  aFault,
  aResource,
  aTag,
  type FoundFault,
  runScan,
  storedTarget,
  testDatabase,
  type TestDatabase,
} from '#testing';
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
const NAMES = ['r1', 'r2', 'r3'];
const KEYS = ['a', 'b', 'c'];
const RULES = ['even', 'odd'];
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

/** scope/resource/key -> value of what the platform holds. */
type World = ReadonlyMap<string, string>;
type Step =
  | {
      readonly do: 'scan';
      readonly world: World;
      readonly read: readonly string[];
      readonly rules: readonly string[];
      readonly only: string | null;
    }
  | { readonly do: 'suppress'; readonly tag: string; readonly minutes: number | null };

interface ModelTag {
  value: string;
  first: number;
  last: number;
  gone: boolean;
}
interface ModelFinding {
  state: 'OPEN' | 'RESOLVED' | 'SUPPRESSED';
  first: number;
  last: number;
  reopened: number;
  until: number | null;
}

const tagPlaces = SCOPES.flatMap((scope) =>
  NAMES.flatMap((name) => KEYS.map((key) => `${scope}/${name}/${key}`)),
);
const world = fc
  .array(fc.tuple(fc.constantFrom(...tagPlaces), fc.constantFrom('1', '2')), { maxLength: 12 })
  .map((entries) => new Map(entries));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('scan' as const),
      world,
      read: fc.subarray(SCOPES),
      rules: fc.subarray(RULES, { minLength: 1 }),
      only: fc.option(fc.constantFrom(...NAMES), { freq: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('suppress' as const),
      tag: fc.constantFrom(...tagPlaces),
      minutes: fc.option(fc.integer({ min: 1, max: 3 })),
    }),
  },
);

/** Every tag breaks the rule `odd` when its value is 1, `even` when it is 2. */
const ruleOf = (value: string) => (value === '1' ? 'odd' : 'even');

/** The promises of `ScanSession`, written down as naively as can be. */
class Model {
  readonly tags = new Map<string, ModelTag>();
  readonly findings = new Map<string, ModelFinding>();

  scan(
    minute: number,
    { world: holds, read, rules, only }: Extract<Step, { do: 'scan' }>,
  ): { new: number; resolved: number } {
    const covered = (place: string) =>
      read.includes(place.split('/')[0] ?? '') && (only === null || place.split('/')[1] === only);
    const counts = { new: 0, resolved: 0 };
    for (const [place, value] of holds) if (covered(place)) this.see(minute, place, value);
    for (const [place, tag] of this.tags) if (covered(place) && !holds.has(place)) tag.gone = true;
    for (const [place, value] of holds) {
      const rule = ruleOf(value);
      if (covered(place) && rules.includes(rule)) counts.new += this.find(minute, `${place}/${rule}`);
    }
    for (const [id, finding] of this.findings) {
      const [scope, name, key, rule] = id.split('/');
      const place = `${scope}/${name}/${key}`;
      const judged = covered(place) && rules.includes(rule ?? '');
      const found = holds.has(place) && ruleOf(holds.get(place) ?? '') === rule;
      if (!judged || found || finding.state === 'RESOLVED') continue;
      finding.state = 'RESOLVED';
      counts.resolved += 1;
    }
    return counts;
  }

  suppress(minute: number, place: string, minutes: number | null): string[] {
    const ids = RULES.map((rule) => `${place}/${rule}`).filter((id) => this.findings.has(id));
    for (const id of ids) {
      const finding = this.findings.get(id);
      if (finding === undefined || finding.state === 'RESOLVED') continue;
      finding.state = 'SUPPRESSED';
      finding.until = minutes === null ? null : minute + minutes;
    }
    return ids;
  }

  private see(minute: number, place: string, value: string): void {
    const tag = this.tags.get(place);
    if (tag === undefined) this.tags.set(place, { value, first: minute, last: minute, gone: false });
    else Object.assign(tag, { value, last: minute, gone: false });
  }

  /** 1 when it counts as new. */
  private find(minute: number, id: string): number {
    const finding = this.findings.get(id);
    if (finding === undefined) {
      this.findings.set(id, { state: 'OPEN', first: minute, last: minute, reopened: 0, until: null });
      return 1;
    }
    finding.last = minute;
    if (finding.state === 'RESOLVED') {
      Object.assign(finding, { state: 'OPEN', reopened: finding.reopened + 1, until: null });
      return 1;
    }
    if (finding.state === 'SUPPRESSED' && finding.until !== null && finding.until <= minute) {
      Object.assign(finding, { state: 'OPEN', until: null });
    }
    return 0;
  }
}

async function scanFor(targetId: string, minute: number, scan: Extract<Step, { do: 'scan' }>) {
  const units = scan.read.map((scope) => {
    const names = NAMES.filter((name) => scan.only === null || name === scan.only);
    const resources = names.flatMap((name) => {
      const tags = KEYS.flatMap((key) => {
        const value = scan.world.get(`${scope}/${name}/${key}`);
        return value === undefined ? [] : [aTag(key, value)];
      });
      return tags.length === 0 ? [] : [aResource(name, tags, { scope, resourceType: `type of ${name}` })];
    });
    const faults = resources.flatMap((resource) =>
      resource.tags.flatMap(({ name: tag, value }): FoundFault[] => {
        const ruleId = ruleOf(value ?? '');
        if (!scan.rules.includes(ruleId)) return [];
        const id = `${targetId}/${scope}/${resource.resource}/${tag}/${ruleId}`;
        const { resource: name, resourceType } = resource;
        return [aFault(id, { rulePack: 'p', ruleId, scope, resource: name, resourceType, tag, value })];
      }),
    );
    return { unit: { scope, resourceType: null }, resources, faults };
  });
  const pack = (ruleId: string) => ({ rulePack: 'p', ruleId });
  return runScan(database, {
    targetId,
    at: at(minute),
    units,
    rules: scan.rules.map(pack),
    storedRules: RULES.map(pack),
    resources: scan.only === null ? null : [scan.only],
  });
}

it('any sequence of scans and suppressions leaves what a naive model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 7 }), async (steps) => {
      const { id } = await storedTarget(database);
      const model = new Model();
      for (const [index, current] of steps.entries()) {
        const minute = index + 1;
        if (current.do === 'scan') {
          const expected = model.scan(minute, current);
          expect((await scanFor(id, minute, current)).counts).toMatchObject(expected);
        } else {
          const until = current.minutes === null ? null : at(minute + current.minutes);
          const suppression = { reason: 'r', by: 'b', at: at(minute), until };
          for (const finding of model.suppress(minute, current.tag, current.minutes)) {
            await database.stores.findings.suppress(`${id}/${finding}`, suppression, null);
          }
        }
        await compare(id, model);
      }
    }),
    { numRuns: 40 },
  );
});

async function compare(id: string, model: Model): Promise<void> {
  const page = { first: 200, after: null };
  const tags = (await database.readModels.tags({ targetIds: [id] }, page, null)).edges.map(
    ({ node }) => node,
  );
  expect(
    Object.fromEntries(
      tags.map(({ scope, resource, name, value, firstSeenAt, lastSeenAt }) => [
        `${scope}/${resource}/${name}`,
        { value, first: firstSeenAt, last: lastSeenAt },
      ]),
    ),
  ).toEqual(
    Object.fromEntries(
      [...model.tags]
        .filter(([, { gone }]) => !gone)
        .map(([place, { value, first, last }]) => [place, { value, first: at(first), last: at(last) }]),
    ),
  );
  const found = (await database.readModels.findings({ targetIds: [id] }, 'LAST_SEEN_DESC', page, null)).edges;
  expect(
    Object.fromEntries(
      found.map(({ node }) => [
        node.id.slice(id.length + 1),
        { state: node.state, first: node.firstSeenAt, last: node.lastSeenAt, reopened: node.timesReopened },
      ]),
    ),
  ).toEqual(
    Object.fromEntries(
      [...model.findings].map(([key, { state, first, last, reopened }]) => [
        key,
        { state, first: at(first), last: at(last), reopened },
      ]),
    ),
  );
}
