import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page, PageRequest } from '#application';
import { aFault, aResource, aTag, runScan, storedTarget, testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const UNIT = { scope: 'eu-central-1', resourceType: 'instance' };
const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

let server: TestDatabase;
let database: PostgresDatabase;
let hidden: string;
let shown: string;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
  const targets = [];
  for (let n = 0; n < 7; n++) targets.push(await storedTarget(database, { name: `target ${n}` }));
  [hidden, shown] = targets.map(({ id }) => id) as [string, string];
  for (const id of [hidden, shown]) await fill(id);
  await fillTheRest();
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

async function fill(id: string): Promise<void> {
  const resources = Array.from({ length: 9 }, (_, n) => aResource(`i-${n}`, [aTag('a'), aTag('b')]));
  const faults = Array.from({ length: 11 }, (_, n) =>
    aFault(`${id}-${n}`, { severity: SEVERITIES[n % 5] ?? 'low' }),
  );
  await runScan(database, {
    targetId: id,
    at: at(1),
    units: [{ unit: UNIT, resources, faults: faults.slice(0, 6) }],
  });
  await runScan(database, {
    targetId: id,
    at: at(2),
    units: [{ unit: UNIT, resources, faults: faults.slice(4) }],
  });
}

async function fillTheRest(): Promise<void> {
  const { credentials, rulePacks, apiTokens, audit, reports } = database.stores;
  for (let n = 0; n < 5; n++) {
    await credentials.insert({ id: `c${n}`, name: `credential ${n}`, kind: 'BASIC', sealedSecret: 's' });
    await rulePacks.append({
      name: `pack-${n}`,
      document: 'd',
      rules: [],
      createdBy: 'b',
      expectedVersion: null,
    });
    const token = {
      name: `token ${n}`,
      prefix: 'twd_',
      hash: `h${n}`,
      scopes: [],
      targetIds: null,
      expiresAt: null,
    };
    await apiTokens.insert(token);
    await audit.append({ actor: 'a', action: 'b', subject: 's', details: {}, at: at(n) });
    await reports.insert({ from: at(1), to: at(2), targetIds: null, formats: ['CSV'], createdBy: 'b' });
  }
}

const models = () => database.readModels;
const lists: Record<string, (page: PageRequest) => Promise<Page<object>>> = {
  targets: (page) => models().targets({}, page, null),
  credentials: (page) => models().credentials(page),
  rulePacks: (page) => models().rulePacks(page),
  scans: (page) => models().scans({}, page, null),
  'findings by severity': (page) => models().findings({}, 'SEVERITY_DESC', page, null),
  'open findings by severity': (page) => models().findings({ states: ['OPEN'] }, 'SEVERITY_DESC', page, null),
  'findings by first seen': (page) => models().findings({}, 'FIRST_SEEN_ASC', page, null),
  'findings by last seen': (page) => models().findings({}, 'LAST_SEEN_DESC', page, null),
  tags: (page) => models().tags({}, page, null),
  resources: (page) => models().resources({}, page, null),
  'tags of one target': (page) => models().tags({ targetIds: [shown] }, page, null),
  'tags of visible targets': (page) => models().tags({}, page, [shown, hidden]),
  'tags of a resource that two targets have': (page) => models().tags({ resource: 'i-3' }, page, null),
  'resources of one target': (page) => models().resources({ targetIds: [shown] }, page, null),
  'findings of one rule': (page) => models().findings({ ruleIds: ['spelling'] }, 'SEVERITY_DESC', page, null),
  auditEvents: (page) => models().auditEvents({}, page),
  apiTokens: (page) => models().apiTokens({}, page),
  reports: (page) => models().reports(page, null),
};

async function walk(list: (page: PageRequest) => Promise<Page<object>>, first: number): Promise<object[]> {
  const nodes: object[] = [];
  for (let after: string | null = null; ;) {
    const page: Page<object> = await list({ first, after });
    nodes.push(...page.edges.map(({ node }) => node));
    if (!page.hasNextPage) return nodes;
    after = page.edges.at(-1)?.cursor ?? null;
  }
}

describe.each(Object.entries(lists))('the list of %s', (_name, list) => {
  it('gives every row once, in one order, whatever the size of a page', async () => {
    const whole = await list({ first: 200, after: null });
    const nodes = whole.edges.map(({ node }) => node);
    expect(nodes.length).toBeGreaterThan(3);
    expect(await whole.totalCount()).toBe(nodes.length);
    for (const first of [1, 2, 3, nodes.length]) expect(await walk(list, first)).toEqual(nodes);
  });

  it('refuses cursors of other lists, and what is none', async () => {
    const own = (await list({ first: 1, after: null })).edges[0]?.cursor ?? '';
    const text = Buffer.from(own, 'base64url').toString();
    const forged = [
      text.replace('"', '"x'),
      text.replace(/.$/, ',1]'),
      '[]',
      '{}',
      'null',
      text.replace(/,.*/, ',{}]'),
    ];
    const cursors = [
      '',
      'no cursor',
      `${own}=`,
      own.slice(1),
      ...forged.map((json) => Buffer.from(json).toString('base64url')),
    ];
    for (const after of cursors)
      await expect(list({ first: 1, after })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });
});

describe('pages', () => {
  it.each([0, -1, 201, 1.5, Number.NaN])('have from 1 to 200 rows, not %d', async (first) => {
    await expect(models().targets({}, { first, after: null }, null)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it('do not take the cursor of another order', async () => {
    const [edge] = (await models().findings({}, 'SEVERITY_DESC', { first: 1, after: null }, null)).edges;
    const other = models().findings({}, 'FIRST_SEEN_ASC', { first: 1, after: edge?.cursor ?? '' }, null);
    await expect(other).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });

  it('order findings by severity, by first and by last seen', async () => {
    const all = { first: 200, after: null };
    const nodes = async (order: 'SEVERITY_DESC' | 'FIRST_SEEN_ASC' | 'LAST_SEEN_DESC') =>
      (await models().findings({}, order, all, null)).edges.map(({ node }) => node);
    const ranks = (await nodes('SEVERITY_DESC')).map(({ severity }) => SEVERITIES.indexOf(severity));
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    const first = (await nodes('FIRST_SEEN_ASC')).map(({ firstSeenAt }) => firstSeenAt.getTime());
    expect(first).toEqual([...first].sort((a, b) => a - b));
    const last = (await nodes('LAST_SEEN_DESC')).map(({ lastSeenAt }) => lastSeenAt.getTime());
    expect(last).toEqual([...last].sort((a, b) => b - a));
    expect(new Set(last).size).toBe(2);
  });

  it('keep their place while rows come and go', async () => {
    const list = lists['open findings by severity'];
    const before = await list?.({ first: 3, after: null });
    await database.stores.findings.suppress(
      `${shown}-4`,
      { reason: 'r', by: 'b', at: at(3), until: null },
      null,
    );
    const rest = await list?.({ first: 200, after: before?.edges.at(-1)?.cursor ?? null });
    const seen = new Set(before?.edges.map(({ cursor }) => cursor));
    expect(rest?.edges.some(({ cursor }) => seen.has(cursor))).toBe(false);
    await database.stores.findings.unsuppress(`${shown}-4`, null);
  });
});

describe('what a viewer may see', () => {
  const all = { first: 200, after: null };

  it('narrows every list of things of a target, whatever the filter says', async () => {
    const narrowed = [
      await models().scans({}, all, [shown]),
      await models().scans({ targetId: hidden }, all, [shown]),
      await models().findings({}, 'SEVERITY_DESC', all, [shown]),
      await models().findings({ targetIds: [hidden] }, 'LAST_SEEN_DESC', all, [shown]),
      await models().tags({}, all, [shown]),
      await models().tags({ targetIds: [hidden, shown] }, all, [shown]),
      await models().resources({}, all, [shown]),
    ];
    expect(narrowed.map(({ edges }) => edges.length)).toEqual([2, 0, 11, 0, 18, 18, 9]);
    expect(await Promise.all(narrowed.map((page) => page.totalCount()))).toEqual([2, 0, 11, 0, 18, 18, 9]);
    for (const { edges } of narrowed) for (const { node } of edges) expect(node.targetId).toBe(shown);
    expect((await models().targets({}, all, [shown])).edges.map(({ node }) => node.id)).toEqual([shown]);
  });

  it('is nothing for who may see no target', async () => {
    const pages = [
      await models().targets({}, all, []),
      await models().scans({}, all, []),
      await models().findings({}, 'SEVERITY_DESC', all, []),
      await models().tags({}, all, []),
      await models().resources({}, all, []),
    ];
    for (const page of pages) expect([page.edges.length, await page.totalCount()]).toEqual([0, 0]);
  });
});

describe('loaders', () => {
  it('give what there is by id', async () => {
    expect([...(await models().targetsById([hidden, 'nobody', hidden])).keys()]).toEqual([hidden]);
    expect([...(await models().credentialsById(['c1', 'nobody'])).values()]).toMatchObject([
      { name: 'credential 1' },
    ]);
    expect((await models().targetsById([])).size).toBe(0);
    const resources = (await models().resources({}, { first: 2, after: null }, null)).edges.map(
      ({ node }) => node.id,
    );
    const tags = await models().tagsOfResources([...resources, 'no id', '999999999999999']);
    expect(resources.map((id) => tags.get(id)?.map(({ name }) => name))).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(tags.get('no id')).toEqual([]);
  });
});
