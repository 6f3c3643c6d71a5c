import type { OpenRequest, ScanError } from '#core';
import {
  cosignSignature,
  imageIndex,
  imageManifest,
  OCI,
  selfSigned,
  startRegistrySandbox,
  type RegistryFaultRequest,
  type RegistrySandbox,
  type RegistrySandboxOptions,
} from '#testing';
import { afterEach, describe, expect, it } from 'vitest';
import {
  DATES,
  failureOf,
  openRegistry,
  scan,
  scanOnce,
  startRaw,
  unread,
  type RawServer,
} from './registry-session.fixture.js';
import { OTHER_HOST } from './other-host.fixture.js';

const MIB = 1_048_576;
const SOON_MS = 4_000;
const PASSWORD = 'a-secret-of-the-tests/0001+';
const SECRET: OpenRequest['secret'] = { kind: 'BASIC', values: { username: 'reader', password: PASSWORD } };

const image = imageManifest();
const REPOSITORIES = {
  'acme/app': { tags: { '1.0': image, latest: image } },
  'acme/web': { tags: { latest: imageManifest({ layers: ['web'] }) } },
};

const open: { close(): Promise<void> }[] = [];
async function sandbox(options: Partial<RegistrySandboxOptions> = {}): Promise<RegistrySandbox> {
  const started = await startRegistrySandbox({ repositories: REPOSITORIES, ...options });
  open.push(started);
  return started;
}
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** One manifest under one tag, given byte by byte. */
async function serving(
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawServer> {
  const registry = await startRaw(({ method, url }, response) => {
    if (url?.includes('/tags/list') === true) response.end('{"tags":["t"]}');
    else if (method === 'HEAD') response.writeHead(405).end();
    else response.writeHead(200, { 'content-type': OCI.index, ...headers }).end(body);
  });
  open.push(registry);
  return registry;
}

const app = { config: { repositories: ['acme/app'] } };
const said = async (registry: RawServer): Promise<ScanError> =>
  unread(await scanOnce(registry.url, app), 'acme/app');

/** The most that resident memory grew while the work went on. */
async function growthOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return Math.max(peak, process.memoryUsage().rss) - before;
}

/** Injects, scans, and expects `acme/app` unread and `acme/web` read. */
async function struck(
  fault: RegistryFaultRequest,
): Promise<{ error: ScanError; fault: { fired: number; bytesSent: number } }> {
  const registry = await sandbox();
  const injected = registry.faults.inject(fault);
  const result = await scanOnce(registry.url);
  const error = unread(result, 'acme/app');
  expect(result.complete).toEqual(['acme/web']);
  expect(injected.fired).toBeGreaterThan(0);
  expect(result.events.at(-1)).toEqual({ type: 'all-scopes' });
  return { error, fault: injected };
}

describe('a hostile registry', () => {
  it('H10: gets no credential carried to where it redirects', async () => {
    const registry = await sandbox({ auth: { kind: 'basic', username: 'reader', password: PASSWORD } });
    const fault = registry.faults.inject({ kind: 'redirect', path: /manifests|blobs/ });
    const { errors } = await scanOnce(registry.url, { secret: SECRET });
    expect(errors).toEqual([]);
    expect(fault.fired).toBeGreaterThan(2);
    expect(registry.elsewhere.requests.length).toBeGreaterThan(2);
    for (const { headers } of registry.elsewhere.requests) {
      expect(headers.authorization).toBeUndefined();
      expect(JSON.stringify(headers)).not.toContain(PASSWORD);
    }
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.9/x',
    'file:///etc/passwd',
    'http://127.0.0.3:1/',
  ])('H10: is not followed to %s', async (to) => {
    const { error } = await struck({ kind: 'redirect', path: '/v2/acme/app/manifests', to, status: 307 });
    expect(error.code).toBe('ADDRESS_REFUSED');
  });

  it('H10: is not followed round and round', async () => {
    const registry = await startRaw(({ url, headers }, response) => {
      if (url?.includes('/tags/list') === true) response.end('{"tags":["t"]}');
      else response.writeHead(307, { location: `http://${headers.host}/v2/acme/app/manifests/t` }).end();
    });
    open.push(registry);
    expect((await said(registry)).code).toBe('REMOTE_REPLY_INVALID');
    expect(registry.seen).toHaveLength(5);
  });

  it.each<RegistryFaultRequest>([
    { kind: 'wrong-bytes', path: /acme\/app\/manifests\/sha256/ },
    { kind: 'wrong-bytes', path: '/v2/acme/app/blobs/' },
    { kind: 'wrong-digest-header', path: '/v2/acme/app/manifests/', digest: 'sha256:../../../etc/passwd' },
    { kind: 'wrong-digest-header', path: '/v2/acme/app/manifests/', digest: `md5:${'a'.repeat(32)}` },
    { kind: 'wrong-digest-header', path: '/v2/acme/app/manifests/', digest: `sha256:${'A'.repeat(64)}` },
  ])('H15: is not believed a digest: %o', async (fault) => {
    const { error } = await struck(fault);
    expect(error.code).toBe('REMOTE_REPLY_INVALID');
    expect(error.message).not.toContain('passwd');
  });

  it('H15: is not believed a digest that names other bytes, and these are not kept', async () => {
    const kept: string[] = [];
    const content = {
      get: async () => new Map(),
      put: async (facts: ReadonlyMap<string, unknown>) => void kept.push(...facts.keys()),
    };
    const registry = await serving(image.bytes, { 'docker-content-digest': `sha256:${'0'.repeat(64)}` });
    const result = await scanOnce(registry.url, { ...app, environment: { content } });
    expect(unread(result, 'acme/app').message).toContain('other bytes than its digest names');
    expect(kept).toEqual([]);
  });

  it.each<RegistryFaultRequest>([
    { kind: 'huge', method: 'GET', path: '/v2/acme/app/manifests/', bytes: 5_000 * MIB },
    { kind: 'huge', path: '/v2/acme/app/blobs/', bytes: 5_000 * MIB },
  ])('H16: is cut off when it sends without end: %o', async (request) => {
    const began = performance.now();
    let sent = 0;
    const grown = await growthOf(async () => {
      const { error, fault } = await struck(request);
      expect(error.message).toMatch(/sent more than [48] MiB/);
      sent = fault.bytesSent;
    });
    expect(performance.now() - began).toBeLessThan(SOON_MS);
    expect(sent).toBeLessThan(32 * MIB);
    expect(grown).toBeLessThan(64 * MIB);
  });

  it('H16: is cut off when its list is larger than any list', { timeout: 20_000 }, async () => {
    const grown = await growthOf(async () => {
      const { error } = await struck({ kind: 'huge', path: '/v2/acme/app/tags/list', bytes: 5_000 * MIB });
      expect(error.code).toBe('REMOTE_REPLY_INVALID');
    });
    expect(grown).toBeLessThan(128 * MIB);
  });

  it('H17: is cut off by what its bodies unpack to', { timeout: 20_000 }, async () => {
    const grown = await growthOf(async () => {
      const manifest = await struck({
        kind: 'gzip-bomb',
        method: 'GET',
        path: '/v2/acme/app/manifests/',
        bytes: 1_000 * MIB,
      });
      expect(manifest.error.message).toContain('sent more than 4 MiB');
    });
    expect(grown).toBeLessThan(96 * MIB);
    const steps = await serving(image.bytes, { 'content-encoding': Array(1_000).fill('gzip').join(', ') });
    expect((await said(steps)).code).toBe('REMOTE_REPLY_INVALID');
  });

  it('H18: may not name more manifests than an index has', async () => {
    const child = { mediaType: OCI.manifest, digest: image.digest, size: 1 };
    const index = JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI.index,
      manifests: Array(20_000).fill(child),
    });
    expect((await said(await serving(index))).message).toContain('more than 1000 manifests');
  });

  it('H18: may not nest indexes for ever', async () => {
    const nested = (depth: number) => {
      let top = imageManifest({ layers: ['deep'] });
      for (let level = 0; level < depth; level += 1) top = imageIndex([top]);
      return top;
    };
    const registry = await sandbox({
      repositories: { 'acme/app': { tags: { deep: nested(50) } }, 'acme/web': { tags: { fine: nested(4) } } },
    });
    const result = await scanOnce(registry.url);
    expect(unread(result, 'acme/app').message).toContain('nested deeper than 4');
    expect(result.complete).toEqual(['acme/web']);
    expect(registry.stats.count(/^GET .*acme\/app\/manifests/)).toBeLessThan(8);
  });

  it('H18: may not send an index of itself', async () => {
    const registry = await sandbox();
    const itself = `sha256:${'c'.repeat(64)}`;
    const index = JSON.stringify({
      mediaType: OCI.index,
      manifests: [{ mediaType: OCI.index, digest: itself, size: 9 }],
    });
    const hostile = await startRaw(({ method, url }, response) => {
      if (url?.includes('/tags/list') === true) response.end('{"tags":["t"]}');
      else
        response
          .writeHead(200, { 'docker-content-digest': itself, 'content-type': OCI.index })
          .end(method === 'HEAD' ? '' : index);
    });
    open.push(hostile);
    expect((await said(hostile)).message).toContain('other bytes than its digest names');
    expect(hostile.seen.length).toBeLessThan(5);
    expect(registry.requests).toHaveLength(0);
  });

  it('H19: is not asked for anything that a manifest names by address', async () => {
    const registry = await sandbox();
    const manifest = JSON.stringify({
      ...{ schemaVersion: 2, mediaType: OCI.manifest },
      config: {
        mediaType: OCI.config,
        digest: `sha256:${'d'.repeat(64)}`,
        size: 2,
        urls: [`${registry.elsewhere.url}/config`],
      },
      layers: [
        { mediaType: OCI.layer, digest: image.digest, size: 5, urls: [`${registry.elsewhere.url}/layer`] },
      ],
    });
    const { resources, errors } = await scanOnce((await serving(manifest)).url, app, { facts: DATES });
    expect(errors).toEqual([]);
    expect(resources[0]?.tags.at(0)?.pointer).toMatchObject({ bytes: 7, layers: 1 });
    expect(registry.elsewhere.requests).toHaveLength(0);
  });

  it.each([
    ['no JSON', 'not json at all'],
    ['a page', '<html></html>'],
    ['an error with status 200', '{"errors":[{"code":"DENIED","message":"no"}]}'],
    ['two things at once', '{"manifests":[],"layers":[],"config":{}}'],
    ['a child without a digest', '{"manifests":[{"digest":"latest","size":1}]}'],
    ['a size below nothing', `{"manifests":[{"digest":"${image.digest}","size":-1}]}`],
    ['deep nesting', '['.repeat(2 * MIB)],
    ['nothing', ''],
  ])('H21: does not pass %s for a manifest', async (_what, body) => {
    expect((await said(await serving(body))).code).toBe('REMOTE_REPLY_INVALID');
  });

  it.each<RegistryFaultRequest['kind']>(['html', 'truncate', 'drop'])(
    'H21: is read no further in one repository than it can be: %s',
    async (kind) => {
      const { error } = await struck({ kind, path: '/v2/acme/app/', method: 'GET' });
      expect(error.retryable).toBe(true);
    },
  );

  it('H23: shows nobody what it was sent', async () => {
    const registry = await startRaw(({ headers, url }, response) => {
      const echo = `you sent ${headers.authorization} ${Buffer.from(PASSWORD).toString('hex')}`;
      if (headers.authorization === undefined) response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
      else if (url?.includes('/tags/') === true)
        response.writeHead(500, echo.replace(/[^\w ]/g, '')).end(echo);
      else
        response
          .writeHead(403, { 'content-type': 'application/json' })
          .end(JSON.stringify({ errors: [{ code: 'A_SECRET_OF_THE_REMOTE', message: echo }] }));
    });
    open.push(registry);
    const errors = [
      unread(await scanOnce(registry.url, { ...app, secret: SECRET }), 'acme/app'),
      await failureOf(scanOnce(registry.url, { secret: SECRET })),
    ];
    for (const { message } of errors) {
      expect(message).not.toMatch(/you sent|A_SECRET/);
      expect(message).not.toContain(Buffer.from(`reader:${PASSWORD}`).toString('base64'));
    }
  });

  it(
    'H26: that is silent holds nobody up: the others are read, and a stop is a stop at once',
    { timeout: 40_000 },
    async () => {
      const registry = await sandbox();
      registry.faults.inject({ kind: 'hang', path: '/v2/acme/app/manifests', method: 'HEAD' });
      const abort = new AbortController();
      const connector = await openRegistry(registry.url);
      const events: string[] = [];
      const reading = (async () => {
        for await (const event of connector.listResources({
          resources: null,
          facts: DATES,
          signal: abort.signal,
        }))
          if (event.type === 'complete') {
            events.push(event.unit.scope);
            abort.abort();
          }
      })();
      const began = performance.now();
      expect((await failureOf(reading)).code).toBe('CANCELLED');
      expect(performance.now() - began).toBeLessThan(2_000);
      expect(events).toEqual(['acme/web']);
      await connector.close();
    },
  );

  it('gives its places back after each fault', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, n) => [`v${n}`, cosignSignature(`sha256:${n}`)]),
    );
    const registry = await sandbox({ repositories: { 'acme/app': { tags: many } } });
    registry.faults.inject({ kind: 'drop', path: /manifests/, times: 50 });
    const connector = await openRegistry(registry.url);
    for (let turn = 0; turn < 4; turn += 1) await scan(connector).catch(() => {});
    registry.faults.clear();
    expect((await scan(connector)).errors).toEqual([]);
    expect(registry.stats.mostAtOnce).toBeLessThanOrEqual(32);
    await connector.close();
  });
});

describe('TLS', () => {
  const own = (given: Parameters<typeof selfSigned>[0] = {}) => {
    const { key, certificate: cert } = selfSigned(given);
    return { key, cert };
  };
  const reach = async (tls: { key: string; cert: string }, ca?: string) => {
    const registry = await sandbox({ tls });
    const config = ca === undefined ? {} : { caCertificate: ca };
    return scanOnce(registry.url, { config });
  };

  it('H24: a certificate that is expired, of nobody, or of another host ends the scan', async () => {
    const expired = own({ from: new Date(0), until: new Date(Date.now() - 1_000) });
    for (const attempt of [
      () => reach(own()),
      () => reach(expired, expired.cert),
      () => reach(OTHER_HOST, OTHER_HOST.cert),
    ]) {
      const error = await failureOf(attempt());
      expect([error.code, error.message]).toEqual([
        'REMOTE_UNREACHABLE',
        expect.stringContaining('certificate'),
      ]);
    }
  });

  it("H24: an authority of the user's own is trusted when the target names it", async () => {
    const tls = own();
    expect((await reach(tls, tls.cert)).errors).toEqual([]);
  });

  it('H7: a token service without TLS gets nothing from a registry with it', async () => {
    const auth = { kind: 'token', users: { reader: PASSWORD } } as const;
    const tls = own();
    const registry = await sandbox({ tls, auth });
    registry.faults.inject({ kind: 'challenge', challenge: 'http-realm' });
    const error = await failureOf(
      scanOnce(registry.url, { secret: SECRET, config: { caCertificate: tls.cert } }),
    );
    expect(error.message).toContain('not encrypted');
    expect(registry.tokenRequests).toHaveLength(0);
    registry.faults.clear();
    expect(
      (await scanOnce(registry.url, { secret: SECRET, config: { caCertificate: tls.cert } })).errors,
    ).toEqual([]);
  });
});
