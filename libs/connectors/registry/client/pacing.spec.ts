import { setTimeout as sleep } from 'node:timers/promises';
import { imageManifest, startRegistrySandbox, type RegistrySandbox } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DATES,
  failureOf,
  openRegistry,
  scan,
  scanOnce,
  startRaw,
  unread,
} from '../registry-session.fixture.js';
import { askedWaitMs } from './asked-wait.js';
import { OriginGate } from './origin-gate.js';
import { PullBudget } from './pull-budget.js';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const image = imageManifest();
const app = { config: { repositories: ['acme/app'] } };
const place = { what: 'a manifest', origin: 'https://r.example' };

const headers = (given: Readonly<Record<string, string>>) => ({
  header: (name: string) => given[name] ?? null,
});

let registry: RegistrySandbox;
beforeEach(async () => {
  registry = await startRegistrySandbox({ repositories: { 'acme/app': { tags: { a: image, b: image } } } });
});
afterEach(async () => {
  await registry.close();
});

describe('a registry that throttles', () => {
  it.each<[string, Record<string, string>, number | null]>([
    ['seconds', { 'retry-after': '5' }, 5_000],
    ['a day', { 'retry-after': '86400' }, 15 * MINUTE],
    ['nothing', { 'retry-after': '0' }, 1_000],
    ['less than nothing', { 'retry-after': '-1' }, null],
    ['no number', { 'retry-after': 'abc' }, null],
    ['a date', { 'retry-after': 'Fri, 02 Jan 2026 03:04:35 GMT' }, 30_000],
    ['a date gone by', { 'retry-after': 'Fri, 02 Jan 2015 03:04:35 GMT' }, 1_000],
    ['a unix time', { 'x-retry-after': String(NOW / 1_000 + 60) }, MINUTE],
    ['both', { 'retry-after': 'abc', 'x-retry-after': '7' }, 7_000],
    ['neither', {}, null],
  ])('H20: is understood when it asks for %s', (_what, given, wait) => {
    expect(askedWaitMs(headers(given), NOW)).toBe(wait);
  });

  it('H20: is left alone for as long as it asks, and then read', async () => {
    registry.faults.inject({ kind: 'throttle', path: '/v2/acme/app/tags', times: 1, retryAfter: '1' });
    const began = performance.now();
    expect((await scanOnce(registry.url, app)).errors).toEqual([]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(990);
    expect(registry.stats.count(/tags\/list/)).toBe(2);
  });

  it('H20: that asks for longer than a scan waits ends it, with when to come back', async () => {
    for (const retryAfter of ['86400', new Date(Date.now() + 3_600_000).toUTCString()]) {
      registry.faults.clear();
      registry.faults.inject({ kind: 'throttle', path: '/v2/acme/app/tags', retryAfter });
      const began = performance.now();
      const error = await failureOf(scanOnce(registry.url, app));
      expect(error).toMatchObject({ code: 'REMOTE_THROTTLED', retryable: true, retryAfterMs: 15 * MINUTE });
      expect(performance.now() - began).toBeLessThan(1_000);
    }
    expect(registry.stats.count(/tags\/list/)).toBe(2);
  });

  it.each(['-1', 'abc'])('H20: is not asked in a busy loop when it says %s', async (retryAfter) => {
    const fault = registry.faults.inject({ kind: 'throttle', path: '/v2/acme/app/tags', retryAfter });
    const abort = new AbortController();
    const connector = await openRegistry(registry.url, app);
    const reading = failureOf(scan(connector, { signal: abort.signal }));
    await sleep(300);
    abort.abort();
    expect((await reading).code).toBe('CANCELLED');
    expect(fault.fired).toBeLessThan(10);
    await connector.close();
  });

  it('H20: in one target slows the other targets on it', async () => {
    const environment = { now: () => Date.now() };
    registry.faults.inject({ kind: 'throttle', times: 1, retryAfter: '1' });
    const first = scanOnce(registry.url, { ...app, environment });
    await expect.poll(() => registry.stats.count(), { interval: 1 }).toBe(1);
    const began = performance.now();
    await scanOnce(registry.url, { ...app, environment });
    expect(performance.now() - began).toBeGreaterThan(700);
    expect((await first).errors).toEqual([]);
  });

  it('with 503 and a wait is one that throttles; with 503 alone one that fails', async () => {
    const fails = await startRaw((_request, response) =>
      response.writeHead(503, { 'retry-after': '600' }).end(),
    );
    expect((await failureOf(scanOnce(fails.url, app))).code).toBe('REMOTE_THROTTLED');
    await fails.close();
    registry.faults.inject({ kind: 'error', status: 503, path: '/v2/acme/app/tags' });
    expect(unread(await scanOnce(registry.url, app), 'acme/app').code).toBe('REMOTE_FAULT');
  });
});

describe('the pulls that are left', () => {
  it('are not spent below a tenth', () => {
    const budget = new PullBudget();
    budget.note(headers({ 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '10;w=21600' }));
    budget.expectLeft(place);
    budget.note(headers({}));
    budget.note(headers({ 'ratelimit-limit': 'abc', 'ratelimit-remaining': '0' }));
    budget.expectLeft(place);
    budget.note(headers({ 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '9;w=21600' }));
    expect(() => budget.expectLeft(place)).toThrow(/leaves 9 of 100 pulls/);
  });

  it('are looked at with each HEAD, so that no manifest is fetched when few are left', async () => {
    const limits = { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '3;w=21600' };
    const hub = await startRaw(({ url, method }, response) => {
      if (url?.includes('/tags/list') === true) response.end('{"tags":["a","b"]}');
      else
        response
          .writeHead(200, { 'docker-content-digest': image.digest, ...limits })
          .end(method === 'HEAD' ? '' : image.bytes);
    });
    const error = await failureOf(scanOnce(hub.url, app, { facts: DATES }));
    expect(error).toMatchObject({ code: 'REMOTE_THROTTLED', retryAfterMs: 15 * MINUTE });
    expect(
      hub.seen.filter(({ method, url }) => method === 'GET' && url?.includes('/manifests/')),
    ).toHaveLength(0);
    const sparing = { config: { ...app.config, flavor: 'DOCKER_HUB' as const } };
    expect((await scanOnce(hub.url, sparing, { facts: new Set() })).complete).toEqual(['acme/app']);
    await hub.close();
  });
});

describe('the gate', () => {
  it('lets so many through at once, in their order, and forgets those that gave up', async () => {
    const gate = new OriginGate(2);
    const { signal } = new AbortController();
    const done: number[] = [];
    const locks = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
    const abort = new AbortController();
    const enter = (n: number, own: AbortSignal) =>
      gate.run(own, async () => {
        done.push(n);
        await locks[n]?.promise;
      });
    const running = [enter(0, signal), enter(1, signal)];
    const givesUp = failureOf(enter(2, abort.signal));
    running.push(enter(3, signal));
    expect(done).toEqual([0, 1]);
    abort.abort();
    expect((await givesUp).code).toBe('CANCELLED');
    locks[0]?.resolve();
    await expect.poll(() => done).toEqual([0, 1, 3]);
    for (const { resolve } of locks) resolve();
    await Promise.all(running);
  });
});
