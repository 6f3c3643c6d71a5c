import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeliveryRecord, Page } from '#application';
import { testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const ROWS = 7;
let server: TestDatabase;
let database: PostgresDatabase;
const channels = [uuidv7(), uuidv7(), uuidv7()];
const [one = '', two = '', none = ''] = channels;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
  const { notificationChannels, notificationDeliveries } = database.stores;
  for (const id of channels) {
    const events = id === none ? [] : (['REPORT_READY'] as const);
    const rest = { kind: 'EMAIL', enabled: true, address: 'a@b.test', sealed: 's' } as const;
    await notificationChannels.save({ id, name: id, events, ...rest });
  }
  const report = { id: 'r', from: '', to: '', targets: null, score: null, totals: [], formats: [] };
  for (let n = 0; n < ROWS; n++)
    await notificationDeliveries.add(`report:${n}`, { event: 'REPORT_READY', data: { report } }, []);
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

const pages = (ids: readonly string[], first: number, after: string | null = null) =>
  database.readModels.deliveriesOfChannels(ids, { first, after });

describe('the delivery logs of channels', () => {
  it('come page by page, newest first, the same together as alone', async () => {
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page: Page<DeliveryRecord> =
        (await pages([one], 3, after)).get(one) ?? expect.fail('the channel has no log');
      seen.push(...page.edges.map(({ node }) => node.id));
      after = page.edges.at(-1)?.cursor ?? null;
      more = page.hasNextPage;
    }
    expect(seen).toHaveLength(ROWS);
    expect(seen.toSorted().toReversed()).toEqual(seen);
    const together = await pages(channels, ROWS);
    expect(together.get(one)?.edges.map(({ node }) => node.id)).toEqual(seen);
    expect(together.get(two)?.edges).toHaveLength(ROWS);
  });

  it('are limited each by itself, and counted when somebody asks', async () => {
    const found = await pages(channels, 2);
    const sizes = channels.map((id) => [found.get(id)?.edges.length, found.get(id)?.hasNextPage]);
    expect(sizes).toEqual([
      [2, true],
      [2, true],
      [0, false],
    ]);
    const counts = channels.map((id) => found.get(id)?.totalCount() ?? Promise.resolve(-1));
    expect(await Promise.all(counts)).toEqual([ROWS, ROWS, 0]);
  });

  it('refuse a page of no size, and a cursor of another list', async () => {
    await expect(pages([one], 0)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(pages([one], 201)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(pages([one], 5, 'nonsense')).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });
});
