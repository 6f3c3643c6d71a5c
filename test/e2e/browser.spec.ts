import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ec2Sandbox } from '#testing';
import { startBrowser, watchedPage, type Watched } from './support/browser.js';
import { Client } from './support/client.js';
import { ec2Target, instance, startEc2 } from './support/ec2.js';
import { ADMIN_TOKEN, startService, temporaryDirectory, type Started } from './support/service.js';
import { until } from './support/until.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const PACK = `pack: acme
rules:
  - id: environment-key
    kind: key-spelling
    canonical: environment
    variants: [enviroment]
    severity: medium
`;
const browser = await startBrowser(import.meta.url);

describe.runIf(browser)('in a browser', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let sandbox: Ec2Sandbox;
  let service: Started;
  let client: Client;
  let score: string;
  let report: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    sandbox = await startEc2([
      instance(1, 'eu-west-1', { Name: 'web', enviroment: 'production' }),
      instance(2, 'eu-west-1', { Name: '<img src=//evil.test/x onerror=alert(1)>', enviroment: '<script>' }),
      instance(3, 'eu-west-1', { Name: 'db' }),
    ]);
    const env = { TAGWARD_OUTBOUND_ALLOW: new URL(sandbox.endpoint).host };
    service = await startService({ dataDir: join(directory.path, 'data'), env });
    client = new Client(service.url);
    const target = await ec2Target(client, sandbox, { name: 'acme', regions: ['eu-west-1'] });
    await client.rest('PUT', '/rule-packs/acme', PACK);
    expect(await client.scan(target)).toMatchObject({ status: 'SUCCEEDED', counts: { open: 2 } });
    ({ score, report } = await htmlReport());
  });
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    await sandbox?.close();
    await directory.remove();
  });

  async function htmlReport(): Promise<{ score: string; report: string }> {
    const { body } = await client.rest('POST', '/reports', { formats: ['HTML'] });
    const made = await until(async () => {
      const reply = await client.rest('GET', `/reports/${body.id}`);
      return reply.body.status === 'READY' ? reply.body : null;
    }, 30_000);
    const file = await fetch(made.files[0].url, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
    const path = join(directory.path, 'report.html');
    await writeFile(path, await file.text());
    return { score: String(Math.floor(made.score)), report: path };
  }

  it('the explorer runs its first query with a token, and asks nobody else', async () => {
    await visiting(browser, {}, async ({ page, requests, faults }) => {
      await page.goto(`${service.url}/graphql`);
      await writeToken(page);
      await page.getByRole('button', { name: /execute query/i }).click();

      await page.locator('.graphiql-response').getByText('enviroment', { exact: false }).first().waitFor();
      expect(foreign(requests, service.url)).toEqual([]);
      expect(requests).toContain(`${service.url}/graphql`);
      // Before it has the token the page asks for the schema, and is refused.
      expect(faults.filter((fault) => !fault.includes('401 (Unauthorized)'))).toEqual([]);
      const refused = faults.length;
      await page.getByRole('button', { name: /re-fetch graphql schema/i }).click();
      await page.getByRole('button', { name: /show documentation explorer/i }).click();
      await page.getByText('Root Types').waitFor();
      expect(faults).toHaveLength(refused);
    });
  });

  it('the explorer follows a scan over a WebSocket, with the token of its headers', async () => {
    const scan = (await client.rest('GET', '/scans?first=1')).body.items[0];
    const query = `subscription { scanProgress(id: "${scan.id}") { status counts { open } } }`;
    await visiting(browser, {}, async ({ page, requests, faults }) => {
      const sockets: string[] = [];
      page.on('websocket', (socket) => sockets.push(socket.url()));
      await page.goto(`${service.url}/graphql?query=${encodeURIComponent(query)}`);
      await writeToken(page);
      await page.getByRole('button', { name: /execute query/i }).click();

      await page.locator('.graphiql-response').getByText('SUCCEEDED', { exact: false }).first().waitFor();
      expect(sockets).toEqual([`${service.url.replace('http', 'ws')}/graphql`]);
      expect(foreign(requests, service.url)).toEqual([]);
      expect(faults.filter((fault) => !fault.includes('401 (Unauthorized)'))).toEqual([]);
    });
  });

  it.each(['light', 'dark'] as const)('the report reads well from a file, in %s', async (colorScheme) => {
    const url = pathToFileURL(report).href;
    // Only so that the checker can be put into the page: the report's own policy lets no script in.
    await visiting(browser, { colorScheme, bypassCSP: true }, async ({ page, requests, faults }) => {
      await page.goto(url);

      expect(await page.title()).toMatch(/tag hygiene report/i);
      expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
      expect(await page.locator('.score').first().innerText()).toContain(score);
      expect(await page.getByText('enviroment').first().isVisible()).toBe(true);
      expect(await page.locator('script').count()).toBe(0);
      expect(await page.locator('img').count()).toBe(0);
      expect(await seriousViolations(page)).toEqual([]);
      expect(requests).toEqual([url]);
      expect(faults).toEqual([]);
    });
  });

  it('the report is as good where its own policy holds and scripts are off', async () => {
    await visiting(browser, { javaScriptEnabled: false }, async ({ page, requests, faults }) => {
      await page.goto(pathToFileURL(report).href);

      expect(await page.getByText('enviroment').first().isVisible()).toBe(true);
      expect(requests).toHaveLength(1);
      expect(faults).toEqual([]);
    });
  });

  it('the REST documentation is drawn, and asks nobody else', async () => {
    await visiting(browser, {}, async ({ page, requests, faults }) => {
      await page.goto(`${service.url}/api/docs`);

      await page.getByText('Tagward', { exact: false }).first().waitFor();
      await page.getByText('/findings', { exact: false }).first().waitFor();
      expect(foreign(requests, service.url)).toEqual([]);
      expect(faults).toEqual([]);
    });
  });
});

type ContextOptions = NonNullable<Parameters<Browser['newContext']>[0]>;

async function visiting(
  browser: Browser | null,
  options: ContextOptions,
  visit: (watched: Watched) => Promise<void>,
): Promise<void> {
  if (browser === null) throw new Error('there is no browser');
  const context = await browser.newContext({ ...options, viewport: { width: 1280, height: 900 } });
  try {
    await visit(await watchedPage(context));
  } finally {
    await context.close();
  }
}

function foreign(requests: readonly string[], url: string): string[] {
  return requests.filter((request) => new URL(request).origin !== new URL(url).origin);
}

/** As a user does: opens "Headers", selects what is there, and types. */
async function writeToken(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Headers', exact: true }).click();
  const editor = page.locator('.graphiql-editor-tool .monaco-editor:visible').first();
  await editor.waitFor();
  await editor.click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(JSON.stringify({ Authorization: `Bearer ${ADMIN_TOKEN}` }));
  // The editor closed quotes and brackets by itself: they stand behind the cursor.
  await page.keyboard.press('Control+Shift+End');
  await page.keyboard.press('Delete');
}

async function seriousViolations(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: await readFile(AXE, 'utf8') });
  const results = await page.evaluate<AxeResults>('axe.run(document)');
  await page.locator('script').evaluateAll((scripts) => scripts.forEach((script) => script.remove()));
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
