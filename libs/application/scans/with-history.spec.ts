import fc from 'fast-check';
import type { PointerFact, Resource, Tag } from '#core';
import { describe, expect, it } from 'vitest';
import type { PointerHistory } from '../ports/stores.js';
import { withHistory } from './with-history.js';

const FACTS = new Set<PointerFact>(['firstSeen', 'was', 'elsewhere']);
const SEEN = new Date('2026-01-01T00:00:00Z');

const pointer = (name: string): Tag => ({
  name,
  value: null,
  digest: `d-${name}`,
  createdAt: null,
  pointer: {},
});
const resource = (tags: readonly Tag[]): Resource => ({
  ...{ scope: 's', resource: 'r', resourceType: 'repository', createdAt: null, managedBy: null, facts: {} },
  tags,
});

/** As the store answers: most names stand where they stood. */
function historyOf({ name, digest }: Tag): PointerHistory {
  const n = Number(name);
  return {
    ...(n % 7 === 0 ? {} : { firstSeenAt: SEEN }),
    cameBack: n % 11 === 0,
    ...(n % 13 === 0 ? { was: 'another' } : digest === null ? {} : { was: digest }),
    elsewhere: n % 17 === 0 ? [{ target: 't', digest: 'there' }] : [],
  };
}

describe('what the inventory has seen', () => {
  it('is the same for a tag of a large repository, held packed, as for one of a small one', async () => {
    const tags = Array.from({ length: 12_345 }, (_, n) => pointer(`${n}`));
    tags[5] = { ...pointer('5'), digest: null };
    tags[6] = { name: '6', value: 'a label', digest: null, createdAt: null };
    const asked: number[] = [];
    const [large] = await withHistory([resource(tags)], FACTS, async (part) => {
      asked.push(...part.map((one) => one.tags.length));
      return part.map((one) => one.tags.map(historyOf));
    });
    expect(Math.max(...asked)).toBeLessThanOrEqual(5_000);
    expect(Array.isArray(large?.tags)).toBe(false);
    const few = async (tag: Tag): Promise<Tag | undefined> => {
      const [one] = await withHistory([resource([tag])], FACTS, async () => [[historyOf(tag)]]);
      return one?.tags.at(0);
    };
    for (const [index, tag] of tags.entries()) {
      if (index < 2_000 || index > 12_000) expect(large?.tags.at(index)).toEqual(await few(tag));
    }
  });

  it('is not asked for where no rule needs it', async () => {
    const given = [resource([pointer('1')])];
    const asked = withHistory(given, new Set(['created']), () => expect.fail('it was asked for'));
    expect(await asked).toBe(given);
  });

  it('goes to the resource and tag that it is of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5), { minLength: 2, maxLength: 5 }), async (sizes) => {
        const given = sizes.map((size) =>
          resource(Array.from({ length: size }, (_, n) => pointer(`${n + size}`))),
        );
        const all = await withHistory(given, FACTS, async (part) =>
          part.map((one) => one.tags.map(historyOf)),
        );
        all.forEach((one, i) => {
          expect(one.tags.map((tag) => tag.pointer)).toEqual(given[i]?.tags.map(historyOf));
        });
      }),
    );
  });
});
