import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exact } from '../matchers/matcher.js';
import type { AgeOf, TagDate } from '../rules/age.js';
import { decideRetention } from './decide-retention.js';
import { leavesOf, statedOrder } from './floor.js';
import { NaiveRetention } from './naive-retention.fixture.js';
import type { Candidate, KeepClause, OrderBy, Retention } from './retention.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const DAY = 86_400_000;

const names = ['1.0.0', '1.0.0+b', '1.1.0-rc.1', '1.1.0', '2.0.0', 'latest', 'lts', 'nightly', 'x', 'y'];
const name = fc.constantFrom(...names);
/** Days ago; 5,000 is before 2013. */
const day = fc.option(fc.constantFrom(0, 1, 2, 3, 5, 10, 10, 5_000));
const facts = fc.record({
  digest: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e')),
  group: fc.constantFrom(null, null, '1'),
  standing: fc.constantFrom<Candidate['standing']>('decided', 'decided', 'decided', 'held', 'outside'),
  created: day,
  pulled: day,
});
interface Facts {
  readonly digest: string | null;
  readonly group: string | null;
  readonly standing: Candidate['standing'];
  readonly created: number | null;
  readonly pulled: number | null;
}

function dateOf(days: number | null): TagDate {
  if (days === null) return { missing: 'a date' };
  if (days === 5_000) return { untrusted: 'a date since 2013' };
  return { at: new Date(NOW.getTime() - days * DAY) };
}

const candidate = (tag: string | null, { digest, group, standing, created, pulled }: Facts): Candidate => ({
  name: tag,
  digest,
  group,
  version: tag ?? '',
  standing,
  date: (of) => dateOf(of === 'pulled' ? pulled : created),
});

const few = fc
  .uniqueArray(fc.tuple(name, facts), { selector: ([tag]) => tag, maxLength: 10 })
  .map((list) => list.map(([tag, given]) => candidate(tag, given)));
/** Manifests without a tag. */
const nameless = fc
  .uniqueArray(fc.tuple(fc.constantFrom('u1', 'u2', 'u3'), facts), {
    selector: ([digest]) => digest,
    maxLength: 3,
  })
  .map((list) => list.map(([digest, given]) => candidate(null, { ...given, digest, group: null })));
/** Enough digests of one date for it to be the date of most. */
const many = fc
  .record({ size: fc.integer({ min: 17, max: 24 }), created: fc.constantFrom(3, 10) })
  .map(({ size, created }) =>
    Array.from({ length: size }, (_, at) => {
      const given = { digest: `m${at}`, group: null, standing: 'decided', created, pulled: at } as const;
      return candidate(`m${at}`, given);
    }),
  );
const inventory = fc
  .tuple(few, nameless, fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, many))
  .map((parts) => parts.flat());

const orderBy = fc.constantFrom<OrderBy>('semver', 'created', 'pulled', 'name');
const ageOf = fc.constantFrom<AgeOf>('created', 'pulled');
const age = fc.constantFrom(0, 1, 2, 4, 10, 30).map((days) => days * DAY);
const leaf: fc.Arbitrary<KeepClause> = fc.oneof(
  fc.record({ newest: fc.nat({ max: 4 }), orderBy }),
  fc.record({ newerThan: age, ageOf }),
  fc.record({
    matching: fc.uniqueArray(name.map(exact), { minLength: 1, maxLength: 2, selector: (m) => m.text }),
  }),
);
const junction = (inner: fc.Arbitrary<KeepClause>): fc.Arbitrary<KeepClause> => {
  const clauses = fc.array(inner, { minLength: 1, maxLength: 3 });
  return fc.oneof(fc.record({ any: clauses }), fc.record({ all: clauses }));
};
const keep = junction(fc.oneof({ weight: 3, arbitrary: leaf }, junction(leaf)));
const expire = fc.record({ olderThan: age, ageOf });
const retention: fc.Arbitrary<Retention> = fc
  .record({
    unit: fc.constantFrom<Retention['unit']>('tag', 'manifest'),
    keep: fc.option(keep),
    expire: fc.option(expire),
    floor: fc.nat({ max: 3 }),
  })
  .filter((rule) => rule.keep !== null || rule.expire !== null);

const idOf = ({ name: tag, digest }: Candidate): string => tag ?? `@${digest ?? ''}`;
const ids = (candidates: readonly Candidate[]): string[] => candidates.map(idOf).sort();
const tagsOf = (candidates: readonly Candidate[]): string[] =>
  candidates.flatMap(({ name: tag }) => tag ?? []);

function going(rule: Retention, candidates: readonly Candidate[]): string[] {
  const { condemned } = decideRetention(rule, { candidates, names: tagsOf(candidates) }, NOW);
  return ids(condemned.map((item) => item.candidate));
}

/** The clause with each of its leaves changed. */
function mapLeaves(clause: KeepClause, change: (leaf: KeepClause) => KeepClause): KeepClause {
  if ('any' in clause) return { any: clause.any.map((inner) => mapLeaves(inner, change)) };
  if ('all' in clause) return { all: clause.all.map((inner) => mapLeaves(inner, change)) };
  return change(clause);
}

/** The clause with one more reason to keep at the end of every `any`. */
function addToAny(clause: KeepClause, more: KeepClause): KeepClause {
  if ('any' in clause) return { any: [...clause.any.map((inner) => addToAny(inner, more)), more] };
  if ('all' in clause) return { all: clause.all.map((inner) => addToAny(inner, more)) };
  return clause;
}

function expectNoMore(before: readonly string[], after: readonly string[]): void {
  expect(after.filter((id) => !before.includes(id))).toEqual([]);
}

const RUNS = { numRuns: 1_000 };

describe('retention, whatever the rule and the inventory', () => {
  it('lets go what the law said the slow way lets go', () => {
    let condemned = 0;
    fc.assert(
      fc.property(retention, inventory, (rule, candidates) => {
        const naive = new NaiveRetention(rule, candidates, tagsOf(candidates), NOW).condemned();
        condemned += naive.length;
        expect(going(rule, candidates)).toEqual(ids(naive));
      }),
      { numRuns: 5_000 },
    );
    expect(condemned).toBeGreaterThan(1_000);
  });

  it('is free of the order in which candidates come', () => {
    const shuffled = inventory.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    const said = (rule: Retention, candidates: readonly Candidate[]) => {
      const outcome = decideRetention(rule, { candidates, names: tagsOf(candidates) }, NOW);
      const condemned = outcome.condemned.map(({ candidate: { date: _, ...of }, ...why }) => ({
        of,
        ...why,
      }));
      const sorted = (items: readonly object[]): string[] => items.map((item) => JSON.stringify(item)).sort();
      return { ...outcome, condemned: sorted(condemned), undecided: sorted(outcome.undecided) };
    };
    fc.assert(
      fc.property(retention, shuffled, (rule, [list, other]) => {
        expect(said(rule, other)).toEqual(said(rule, list));
      }),
      RUNS,
    );
  });

  it('lets nothing more go for one more reason to keep in `any`', () => {
    fc.assert(
      fc.property(retention, inventory, leaf, (rule, candidates, more) => {
        const after = rule.keep === null ? null : addToAny(rule.keep, more);
        // A first ordering also says by what the floor counts: that is another rule, not one more reason.
        fc.pre(rule.floor === 0 || statedOrder({ ...rule, keep: after }) === statedOrder(rule));
        expectNoMore(going(rule, candidates), going({ ...rule, keep: after }, candidates));
      }),
      RUNS,
    );
  });

  it('lets nothing more go for a higher number, age or floor', () => {
    const raised = (rule: Retention, by: number): Retention => ({
      ...rule,
      keep:
        rule.keep &&
        mapLeaves(rule.keep, (clause) => {
          if ('newest' in clause) return { ...clause, newest: clause.newest + by };
          return 'newerThan' in clause ? { ...clause, newerThan: clause.newerThan + by * DAY } : clause;
        }),
      expire: rule.expire && { ...rule.expire, olderThan: rule.expire.olderThan + by * DAY },
    });
    fc.assert(
      fc.property(retention, inventory, fc.integer({ min: 1, max: 4 }), (rule, candidates, by) => {
        const before = going(rule, candidates);
        expectNoMore(before, going(raised(rule, by), candidates));
        fc.pre(rule.floor > 0);
        expectNoMore(before, going({ ...rule, floor: rule.floor + by }, candidates));
      }),
      RUNS,
    );
  });

  it('lets nothing more go for what is protected besides', () => {
    fc.assert(
      fc.property(
        retention,
        inventory,
        fc.array(fc.nat({ max: 30 }), { maxLength: 6 }),
        (rule, candidates, at) => {
          const guarded = candidates.map((item, index): Candidate =>
            item.standing === 'decided' && at.includes(index) ? { ...item, standing: 'held' } : item,
          );
          expectNoMore(going(rule, candidates), going(rule, guarded));
        },
      ),
      RUNS,
    );
  });

  it('leaves the floor in every group, and touches nothing that is not decided', () => {
    fc.assert(
      fc.property(retention, inventory, (rule, candidates) => {
        const gone = new Set(going(rule, candidates));
        for (const group of new Set(candidates.map((item) => item.group))) {
          const own = candidates.filter((item) => item.standing === 'decided' && item.group === group);
          const unit =
            rule.unit === 'tag'
              ? idOf
              : ({ digest, ...item }: Candidate) => digest ?? idOf({ ...item, digest });
          const all = new Set(own.map(unit));
          const left = new Set(own.filter((item) => !gone.has(idOf(item))).map(unit));
          expect(left.size).toBeGreaterThanOrEqual(Math.min(rule.floor, all.size));
        }
        expect(candidates.filter((item) => item.standing !== 'decided' && gone.has(idOf(item)))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('lets a manifest go with all its tags or with none', () => {
    fc.assert(
      fc.property(retention, inventory, (rule, candidates) => {
        const gone = new Set(going({ ...rule, unit: 'manifest' }, candidates));
        for (const digest of new Set(candidates.map((item) => item.digest))) {
          const own = candidates.filter((item) => item.digest === digest);
          const count = own.filter((item) => gone.has(idOf(item))).length;
          expect([0, digest === null ? 0 : own.length]).toContain(count);
        }
      }),
      RUNS,
    );
  });

  it('keeps everything where a pattern to keep matches nothing', () => {
    fc.assert(
      fc.property(retention, inventory, (rule, candidates) => {
        const idle =
          rule.keep !== null &&
          leavesOf(rule.keep).some(
            (clause) =>
              'matching' in clause && !clause.matching.some(({ text }) => tagsOf(candidates).includes(text)),
          );
        fc.pre(idle);
        const outcome = decideRetention(rule, { candidates, names: tagsOf(candidates) }, NOW);
        expect(outcome.condemned).toEqual([]);
      }),
      RUNS,
    );
  });

  it('finds nothing more once what it has found is gone', () => {
    fc.assert(
      fc.property(retention, inventory, (rule, candidates) => {
        const gone = going(rule, candidates);
        const left = candidates.filter((item) => !gone.includes(idOf(item)));
        const outcome = decideRetention(rule, { candidates: left, names: tagsOf(left) }, NOW);
        expect(outcome.condemned).toEqual([]);
        if (gone.length > 0) expect(outcome.matchesNothing).toEqual([]);
      }),
      RUNS,
    );
  });
});
