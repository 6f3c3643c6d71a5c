import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from './api-client.js';
import type { DemoTarget } from './demo-target.js';
import { scanTable, type FindingRow } from './tables.js';

const PACKS = ['starter-labels', 'starter-pointers'];
const POLL_MS = 150;

const identified = z.looseObject({ id: z.string() });
const list = <T extends z.ZodType>(item: T) =>
  z.looseObject({ items: z.array(item), hasNextPage: z.boolean() });
const named = z.looseObject({ id: z.string(), name: z.string() });
const scan = z.looseObject({
  id: z.string(),
  status: z.string(),
  progress: z.looseObject({ done: z.number(), total: z.number().nullable() }),
  resources: z.number(),
  tags: z.number(),
  counts: z.looseObject({ open: z.number(), new: z.number(), resolved: z.number() }),
  errors: z.array(z.looseObject({ message: z.string() })),
});
type Scan = z.output<typeof scan>;
const finding = z.looseObject({
  severity: z.string(),
  resource: z.string(),
  scope: z.string().nullable(),
  rulePack: z.string(),
  ruleId: z.string(),
  tag: z.string().nullable(),
  message: z.string(),
});
const findingPage = list(finding).extend({ nextCursor: z.string().nullish() });
const report = z.looseObject({
  id: z.string(),
  status: z.string(),
  error: z.string().nullable(),
  score: z.number().nullable(),
  files: z.array(z.looseObject({ format: z.string(), url: z.string() })),
});

/** What the quickstart does with the service, all of it through the HTTP API. */
export class Demo {
  constructor(
    private readonly api: ApiClient,
    private readonly targets: readonly DemoTarget[],
    private readonly print: (line: string) => void,
  ) {}

  async run(): Promise<void> {
    for (const pack of PACKS)
      await this.api.send('PUT', `/rule-packs/${pack}`, z.unknown(), await examplePack(pack));
    const ids = await Promise.all(this.targets.map((target) => this.target(target)));
    const scans = await Promise.all(ids.map((id, n) => this.scan(id, this.targets[n]?.platform ?? '')));
    this.print('');
    const sum = (of: (one: Scan) => number): number => scans.reduce((total, one) => total + of(one), 0);
    this.print(
      scanTable(
        await this.findings(ids),
        sum(({ counts }) => counts.open),
      ),
    );
    await this.report(
      sum(({ resources }) => resources),
      sum(({ tags }) => tags),
    );
  }

  private async target({ name, platform, config, credential }: DemoTarget): Promise<string> {
    const known = await this.api.get(`/targets?search=${name}`, list(named));
    const existing = known.items.find((one) => one.name === name);
    if (existing !== undefined) {
      await this.api.send('PATCH', `/targets/${existing.id}`, identified, { [platform]: config });
      return existing.id;
    }
    const created = await this.api.send('POST', '/targets', identified, {
      name,
      labels: [{ key: 'stage', value: 'demo' }],
      ...(credential === null ? {} : { credentialId: await this.credential(name, credential) }),
      [platform]: config,
    });
    return created.id;
  }

  private async credential(name: string, given: object): Promise<string> {
    const known = await this.api.get('/credentials?first=200', list(named));
    const existing = known.items.find((one) => one.name === name);
    return (existing ?? (await this.api.send('POST', '/credentials', identified, { name, ...given }))).id;
  }

  private async scan(targetId: string, platform: string): Promise<Scan> {
    let current = await this.api.send('POST', '/scans', scan, { targetId });
    let shown = '';
    while (current.status === 'QUEUED' || current.status === 'RUNNING') {
      const { done, total } = current.progress;
      const line = `Scanning ${platform}: ${current.status.toLowerCase()}, ${done}${total === null ? '' : ` of ${total}`} parts read, ${current.tags} tags`;
      if (line !== shown) this.print(line);
      shown = line;
      await wait(POLL_MS);
      current = await this.api.get(`/scans/${current.id}`, scan);
    }
    const { counts } = current;
    this.print(
      `Scanned ${platform}: ${current.status.toLowerCase()}, ${current.resources} resources with ${current.tags} tags; ` +
        `${counts.open} open findings (${counts.new} new, ${counts.resolved} resolved)`,
    );
    for (const { message } of current.errors) this.print(`  not read: ${message}`);
    if (current.status === 'FAILED') throw new Error(`The scan of ${platform} failed.`);
    return current;
  }

  private async findings(targetIds: readonly string[]): Promise<FindingRow[]> {
    const rows: FindingRow[] = [];
    const query = new URLSearchParams({ targetIds: targetIds.join(','), states: 'OPEN', first: '200' });
    for (;;) {
      const { items, nextCursor } = await this.api.get(`/findings?${query.toString()}`, findingPage);
      rows.push(...items);
      if (nextCursor === null || nextCursor === undefined) return rows;
      query.set('after', nextCursor);
    }
  }

  private async report(resources: number, tags: number): Promise<void> {
    let made = await this.api.send('POST', '/reports', report, {});
    while (made.status === 'QUEUED' || made.status === 'RUNNING') {
      await wait(POLL_MS);
      made = await this.api.get(`/reports/${made.id}`, report);
    }
    if (made.status === 'FAILED')
      throw new Error(`The report could not be made: ${made.error ?? 'no reason given'}`);
    const score = made.score === null ? 'none' : (Math.floor(made.score * 10) / 10).toFixed(1);
    this.print(`Hygiene score ${score} of 100 over ${resources} resources and ${tags} tags`);
    this.print('');
    for (const { format, url } of made.files) this.print(`Report (${format}): ${url}`);
  }
}

async function examplePack(name: string): Promise<string> {
  return readFile(new URL(`../../../../packs/${name}.yaml`, import.meta.url), 'utf8');
}
