import {
  imageManifest,
  startRegistrySandbox,
  type BadLink,
  type RegistryFaultRequest,
  type RegistrySandbox,
  type RegistrySandboxOptions,
} from '#testing';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf, scanOnce, startRaw, unread, type RawServer } from '../registry-session.fixture.js';

const image = imageManifest();
const tags = (count: number, prefix = 'v') =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, image]));
/** Of a registry that counts pulls, so that what is asked for are lists and where tags point. */
const APP = { repositories: ['acme/app'], flavor: 'DOCKER_HUB' } as const;
const SOON_MS = 3_000;

const open: { close(): Promise<void> }[] = [];
async function sandbox(options: Partial<RegistrySandboxOptions> = {}): Promise<RegistrySandbox> {
  const repositories = { 'acme/app': { tags: tags(60) }, 'acme/web': { tags: tags(3) } };
  const started = await startRegistrySandbox({ repositories, pageSize: 20, ...options });
  open.push(started);
  return started;
}
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A registry whose tag lists are what a test says; each tag resolves. */
async function listing(
  page: (url: URL, origin: string) => { body: string; link?: string },
): Promise<RawServer> {
  const started = await startRaw((request, response) => {
    const origin = `http://${request.headers.host}`;
    const url = new URL(request.url ?? '/', origin);
    if (!url.pathname.endsWith('/list')) {
      response.writeHead(200, { 'docker-content-digest': image.digest }).end();
      return;
    }
    const { body, link } = page(url, origin);
    response.writeHead(200, { 'content-type': 'application/json', ...(link === undefined ? {} : { link }) });
    response.end(body);
  });
  open.push(started);
  return started;
}

const names = async (url: string): Promise<readonly string[]> => {
  const { resources, errors } = await scanOnce(url, { config: APP }, { facts: new Set() });
  expect(errors).toEqual([]);
  return resources[0]?.tags.map(({ name }) => name) ?? [];
};

describe('paging', () => {
  it('follows links to the end, relative and absolute, and reads each name once', async () => {
    const registry = await sandbox();
    expect(await names(registry.url)).toHaveLength(60);
    expect(registry.stats.count(/^GET .*tags\/list/)).toBe(3);
    for (const target of ['/v2/acme/app/tags/list?last=b', '?last=b', '/a/proxy/wrote/this?last=b']) {
      for (const start of ['', 'origin']) {
        const odd = await listing(({ searchParams }, origin) =>
          searchParams.get('last') === 'b'
            ? { body: '{"name":"acme/app","tags":["c"]}' }
            : {
                body: '{"tags":["b","a","b"],"name":"acme/app"}',
                link: `</first>; rel="first", <${start === '' || target.startsWith('?') ? '' : origin}${target}>; rel=next`,
              },
        );
        expect(await names(odd.url)).toEqual(['b', 'a', 'c']);
      }
    }
  });

  it('takes a list that ignores n whole, and asks on where a full page has no link', async () => {
    const all = Array.from({ length: 2_500 }, (_, n) => `t${String(n).padStart(4, '0')}`);
    const whole = await listing(() => ({ body: JSON.stringify({ tags: all }) }));
    expect(await names(whole.url)).toHaveLength(2_500);
    expect(whole.seen.filter(({ url }) => url?.includes('/list'))).toHaveLength(1);
    const silent = await listing(({ searchParams }) => {
      const from = searchParams.get('last') === null ? 0 : all.indexOf(searchParams.get('last') ?? '') + 1;
      return { body: JSON.stringify({ tags: all.slice(from, from + 1_000) }) };
    });
    expect(await names(silent.url)).toHaveLength(2_500);
    const linking = await listing(({ searchParams }) =>
      searchParams.get('last') === null
        ? { body: JSON.stringify({ tags: all.slice(0, 1_000) }), link: '<?last=t0999>; rel="next"' }
        : { body: JSON.stringify({ tags: all.slice(1_000, 2_000) }) },
    );
    expect(await names(linking.url)).toHaveLength(2_000);
    expect(linking.seen.filter(({ url }) => url?.includes('/list'))).toHaveLength(2);
    const deaf = await listing(() => ({ body: JSON.stringify({ tags: all.slice(0, 1_000) }) }));
    expect(await names(deaf.url)).toHaveLength(1_000);
  });

  it('takes null, and an empty list, for no tags', async () => {
    for (const body of ['{"name":"acme/app","tags":null}', '{"tags":[]}', ' { "tags" : [ ] } '])
      expect(await names((await listing(() => ({ body }))).url)).toEqual([]);
  });

  it('passes over a few empty pages, as registries send that filter a page by what one may see', async () => {
    const registry = await listing(({ searchParams }) => {
      const page = Number(searchParams.get('page') ?? '0');
      const link = page < 5 ? `</v2/acme/app/tags/list?page=${page + 1}>; rel="next"` : undefined;
      return {
        body: page === 5 ? '{"tags":["end"]}' : '{"tags":[]}',
        ...(link === undefined ? {} : { link }),
      };
    });
    expect(await names(registry.url)).toEqual(['end']);
  });

  it.each<BadLink>(['cross-origin', 'protocol-relative'])(
    'H11: follows no link of the kind %s',
    async (link) => {
      const registry = await sandbox();
      const fault = registry.faults.inject({ kind: 'link', path: '/v2/acme/app/tags', link });
      const scan = await scanOnce(registry.url);
      expect(unread(scan, 'acme/app').message).toContain('another host');
      expect(scan.complete).toEqual(['acme/web']);
      expect(fault.fired).toBe(1);
      expect(registry.elsewhere.requests).toHaveLength(0);
    },
  );

  it.each([
    '/v2/acme/app/tags/list?last=a; rel="next"',
    '<<http://r/v2/acme/app/tags/list>?last=a>; rel=next',
  ])('takes a link that it cannot read for no end of the list: %s', async (link) => {
    const registry = await listing(() => ({ body: '{"tags":["a"]}', link }));
    const error = unread(await scanOnce(registry.url, { config: APP }), 'acme/app');
    expect(error.message).toContain('cannot be read');
  });

  it('H11: takes a downgrade to http for another host', async () => {
    const registry = await listing((_url, origin) => ({
      body: '{"tags":["a"]}',
      link: `<${origin.replace('http:', 'https:')}/v2/acme/app/tags/list?last=a>; rel="next"`,
    }));
    const error = unread(await scanOnce(registry.url, { config: APP }), 'acme/app');
    expect(error.message).toContain('another host');
  });

  it.each<BadLink>(['self', 'circle', 'fresh'])('H12: ends pages that do not end: %s', async (link) => {
    const registry = await sandbox();
    const fault = registry.faults.inject({ kind: 'link', path: '/v2/acme/app/tags', link });
    const began = performance.now();
    const scan = await scanOnce(registry.url);
    expect(performance.now() - began).toBeLessThan(SOON_MS);
    expect(unread(scan, 'acme/app').code).toBe('REMOTE_REPLY_INVALID');
    expect(fault.fired).toBeGreaterThan(0);
    const asked = registry.requests
      .filter(({ path }) => path.startsWith('/v2/acme/app/tags'))
      .map(({ path }) => path);
    expect(asked.length).toBeLessThan(10);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('H12: ends pages of new names for ever, at a bound', { timeout: 30_000 }, async () => {
    const registry = await listing(({ searchParams }) => {
      const from = Number(searchParams.get('p') ?? '0');
      const page = Array.from({ length: 25_000 }, (_, n) => `x${from}-${n}`);
      return {
        body: JSON.stringify({ tags: page }),
        link: `</v2/acme/app/tags/list?p=${from + 1}>; rel="next"`,
      };
    });
    const error = unread(await scanOnce(registry.url, { config: APP }), 'acme/app');
    expect(error.message).toContain('more than 1000000 names');
    expect(registry.seen.length).toBeLessThan(60);
  });

  it('H12: ends empty pages that lead on for ever', async () => {
    let page = 0;
    const registry = await listing(() => ({
      body: '{"tags":[]}',
      link: `</v2/acme/app/tags/list?page=${(page += 1)}>; rel="next"`,
    }));
    unread(await scanOnce(registry.url, { config: APP }), 'acme/app');
    expect(registry.seen.length).toBeLessThan(20);
  });

  it('H13: notices a link that counts instead of naming', async () => {
    const registry = await sandbox();
    const fault = registry.faults.inject({ kind: 'link', path: '/v2/acme/app/tags', link: 'numeric' });
    const error = unread(await scanOnce(registry.url), 'acme/app');
    expect(error.message).toContain('a link that counts names');
    expect(fault.fired).toBe(1);
    const fine = await listing(({ searchParams }) =>
      searchParams.get('last') === '10000'
        ? { body: '{"tags":["z"]}' }
        : { body: '{"tags":["10000"]}', link: '<?n=1&last=10000>; rel="next"' },
    );
    expect(await names(fine.url)).toEqual(['10000', 'z']);
  });

  it('H14: never uses a name that is none, says how many there were, and does not take the rest for all', async () => {
    const registry = await sandbox();
    const fault = registry.faults.inject({ kind: 'bad-tags', path: '/v2/acme/app/tags', times: 1 });
    const error = unread(await scanOnce(registry.url), 'acme/app');
    expect(fault.fired).toBe(1);
    expect(error.code).toBe('REMOTE_REPLY_INVALID');
    expect(error.message).toMatch(/with \d+ unreadable names beside 60 readable ones/);
    expect(error.message).not.toMatch(/[^\x20-\x7e]/);
    expect(registry.stats.count(/%2f|\.\.|passwd|m{200}/)).toBe(0);
  });

  it.each<RegistryFaultRequest['kind']>(['duplicates', 'unsorted'])(
    'H14: reads a list that is %s',
    async (kind) => {
      const registry = await sandbox();
      registry.faults.inject({ kind, path: '/v2/acme/app/tags' });
      expect(new Set(await names(registry.url)).size).toBe(60);
    },
  );

  it.each<[string, string]>([
    ['a login page', '<html><body>Sign in</body></html>'],
    ['an error', '{"errors":[{"code":"DENIED"}]}'],
    ['nothing', ''],
    ['cut off', '{"tags":["a","b'],
    ['a list', '["a"]'],
    ['more after the end', '{"tags":["a"]}{"tags":["b"]}'],
    ['deep nesting', `{"x":${'['.repeat(1_000_000)}`],
  ])('H21: does not take %s with status 200 for a list', async (_what, body) => {
    const error = unread(await scanOnce((await listing(() => ({ body }))).url, { config: APP }), 'acme/app');
    expect(error.code).toBe('REMOTE_REPLY_INVALID');
  });

  it('H21: does not take 204 for a list', async () => {
    const registry = await startRaw((_request, response) => response.writeHead(204).end());
    open.push(registry);
    const error = unread(await scanOnce(registry.url, { config: APP }), 'acme/app');
    expect(error.message).toContain('HTTP 204');
  });

  it('reads a page again that was cut off, with all its names', async () => {
    const registry = await sandbox();
    const fault = registry.faults.inject({ kind: 'truncate', path: '/v2/acme/app/tags', times: 1 });
    expect(await names(registry.url)).toHaveLength(60);
    expect(fault.fired).toBe(1);
  });
});

describe('the catalog', () => {
  it('that pages is read to its end, and that is said', async () => {
    const many = Object.fromEntries(Array.from({ length: 45 }, (_, n) => [`team/app-${n}`, { tags: {} }]));
    const registry = await sandbox({ repositories: many });
    const { complete, events } = await scanOnce(registry.url);
    expect(complete).toHaveLength(45);
    expect(events.at(-1)).toEqual({ type: 'all-scopes' });
  });

  it('that is not whole is an error of the target, and nothing unseen counts as gone', async () => {
    const registry = await sandbox({ pageSize: 1 });
    registry.faults.inject({ kind: 'link', path: '/v2/_catalog', link: 'self' });
    const { events, errors, complete } = await scanOnce(registry.url);
    expect(complete).toEqual(['acme/app']);
    expect(errors.map(({ scope }) => scope)).toEqual([null]);
    expect(events.some(({ type }) => type === 'all-scopes')).toBe(false);
  });

  it.each([
    ['there is none', { catalog: false }, 'OPERATION_UNSUPPORTED'],
    ['it is denied', {}, 'REMOTE_FORBIDDEN'],
  ] as const)('where %s, says to name repositories', async (_what, switches, code) => {
    const registry = await sandbox(switches);
    registry.faults.inject({ kind: 'deny', path: '/v2/_catalog' });
    if ('catalog' in switches) registry.faults.clear();
    const error = await failureOf(scanOnce(registry.url));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining("the target's repositories")]);
  });
});
