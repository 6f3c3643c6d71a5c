import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from './api-client.js';
import { scanTable, type FindingRow } from './tables.js';

const TARGET = 'quickstart-ec2';
const CREDENTIAL = 'quickstart-ec2';
const PACK = 'starter-labels';
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

export interface Sandbox {
  readonly endpoint: string;
  readonly regions: readonly string[];
  readonly secret: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What the quickstart does with the service, all of it through the HTTP API. */
export class Demo {
  constructor(
    private readonly api: ApiClient,
    private readonly sandbox: Sandbox,
    private readonly print: (line: string) => void,
  ) {}

  async run(): Promise<void> {
    await this.api.send('PUT', `/rule-packs/${PACK}`, z.unknown(), await examplePack());
    const target = await this.target();
    const done = await this.scan(target);
    this.print('');
    this.print(scanTable(await this.findings(target), done.counts.open));
    await this.report(done.resources, done.tags);
  }

  private async target(): Promise<string> {
    const ec2 = { regions: this.sandbox.regions, endpoint: this.sandbox.endpoint };
    const known = await this.api.get(`/targets?search=${TARGET}`, list(named));
    const existing = known.items.find(({ name }) => name === TARGET);
    if (existing !== undefined) {
      await this.api.send('PATCH', `/targets/${existing.id}`, identified, { ec2 });
      return existing.id;
    }
    const credentials = await this.api.get('/credentials?first=200', list(named));
    const credential =
      credentials.items.find(({ name }) => name === CREDENTIAL) ??
      (await this.api.send('POST', '/credentials', identified, {
        name: CREDENTIAL,
        kind: 'AWS_ACCESS_KEY',
        secret: this.sandbox.secret,
      }));
    const labels = [{ key: 'stage', value: 'demo' }];
    const created = await this.api.send('POST', '/targets', identified, {
      name: TARGET,
      credentialId: credential.id,
      labels,
      ec2,
    });
    return created.id;
  }

  private async scan(targetId: string): Promise<z.output<typeof scan>> {
    let current = await this.api.send('POST', '/scans', scan, { targetId });
    let shown = '';
    while (current.status === 'QUEUED' || current.status === 'RUNNING') {
      const { done, total } = current.progress;
      const line = `Scanning: ${current.status.toLowerCase()}, ${done}${total === null ? '' : ` of ${total}`} parts read, ${current.resources} resources`;
      if (line !== shown) this.print(line);
      shown = line;
      await wait(POLL_MS);
      current = await this.api.get(`/scans/${current.id}`, scan);
    }
    const { counts } = current;
    this.print(
      `Scanned: ${current.status.toLowerCase()}, ${current.resources} resources with ${current.tags} tags; ` +
        `${counts.open} open findings (${counts.new} new, ${counts.resolved} resolved)`,
    );
    for (const { message } of current.errors) this.print(`  not read: ${message}`);
    if (current.status === 'FAILED') throw new Error('The scan failed.');
    return current;
  }

  private async findings(targetId: string): Promise<FindingRow[]> {
    const rows: FindingRow[] = [];
    const query = new URLSearchParams({ targetIds: targetId, states: 'OPEN', first: '200' });
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

async function examplePack(): Promise<string> {
  return readFile(new URL(`../../../../packs/${PACK}.yaml`, import.meta.url), 'utf8');
}
