import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { realProgram } from '#testing';

/** What a page did that a page of ours must not do. */
export interface Watched {
  readonly page: Page;
  /** Everything it asked for, `blob:` and `data:` aside: those leave nowhere. */
  readonly requests: readonly string[];
  /** Errors on the console (refusals by the content security policy are among them) and uncaught exceptions. */
  readonly faults: readonly string[];
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium; null when it is not installed, and then it is counted as not run. */
export async function startBrowser(spec: string): Promise<Browser | null> {
  const executablePath = await realProgram('chromium', { spec });
  return executablePath === null ? null : chromium.launch({ executablePath, args: FLAGS });
}

export async function watchedPage(context: BrowserContext): Promise<Watched> {
  const requests: string[] = [];
  const faults: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  // Workers ask for things, too: the context hears of all of them.
  context.on('request', (request) => {
    if (!/^(?:blob|data):/.test(request.url())) requests.push(request.url());
  });
  context.on('console', (message) => {
    if (message.type() === 'error')
      faults.push(`console: ${message.text().slice(0, 300)} (${message.location().url})`);
  });
  return { page, requests, faults };
}
