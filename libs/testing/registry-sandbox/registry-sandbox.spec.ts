import { afterEach, describe, expect, it } from 'vitest';
import {
  cosignSignature,
  cosignTag,
  descriptorOf,
  digestOf,
  DOCKER,
  imageIndex,
  imageManifest,
  OCI,
  officialImages,
  referrer,
} from '../registry-content/index.js';
import { startRegistrySandbox, type RegistrySandbox, type RegistrySandboxOptions } from './index.js';

const ONE = imageManifest({ layers: ['one'] });
const TWO = imageManifest({ layers: ['two'] });
const INDEX = imageIndex([ONE, imageManifest({ platform: { os: 'linux', architecture: 'arm64' } })]);
const OLD_STYLE = imageManifest({ style: 'docker' });
const LIST = imageIndex([OLD_STYLE], { style: 'docker' });
const REPOSITORIES = {
  'acme/app': {
    tags: { '1.0': ONE, latest: ONE, '2.0': TWO, multi: INDEX, docker: OLD_STYLE, list: LIST },
    extra: [referrer(descriptorOf(ONE))],
  },
  'acme/bare': { tags: {} },
};
const ANY = { headers: { accept: [OCI.manifest, OCI.index, DOCKER.manifest, DOCKER.index].join(', ') } };

let sandbox: RegistrySandbox;
const start = async (options: Partial<RegistrySandboxOptions> = {}) => {
  sandbox = await startRegistrySandbox({ repositories: REPOSITORIES, ...options });
};
const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${sandbox.url}${path}`, { redirect: 'manual', ...init });
const read = async (path: string, init: RequestInit = {}) =>
  (await (await ask(path, init)).json()) as Record<string, unknown>;
const codeOf = async (path: string, init: RequestInit = {}) => {
  const response = await ask(path, init);
  const { errors } = (await response.json()) as { errors: { code: string }[] };
  return [response.status, errors[0]?.code];
};
const digestHeader = (response: Response) => response.headers.get('docker-content-digest');
const accept = (...types: string[]) => ({ headers: { accept: types.join(', ') } });

afterEach(async () => {
  await sandbox.close();
});

describe('the registry sandbox lists', () => {
  it('tags in pages that its links lead through, and says null of none', async () => {
    await start({ pageSize: 4 });
    const first = await ask('/v2/acme/app/tags/list');
    expect(await first.json()).toEqual({ name: 'acme/app', tags: ['1.0', '2.0', 'docker', 'latest'] });
    const link = first.headers.get('link') ?? '';
    expect(link).toBe('</v2/acme/app/tags/list?last=latest&n=4>; rel="next"');
    const second = await ask(/<(.+)>/.exec(link)?.[1] ?? '');
    expect(await second.json()).toEqual({ name: 'acme/app', tags: ['list', 'multi'] });
    expect(second.headers.get('link')).toBeNull();
    expect((await read('/v2/acme/app/tags/list?n=1&last=2.0')).tags).toEqual(['docker']);
    expect((await read('/v2/acme/app/tags/list?n=0')).tags).toEqual([]);
    expect((await read('/v2/acme/bare/tags/list')).tags).toBeNull();
    expect(await codeOf('/v2/no/such/tags/list')).toEqual([404, 'NAME_UNKNOWN']);
  });

  it('repositories, unless it has no catalog', async () => {
    await start();
    expect(await read('/v2/_catalog')).toEqual({ repositories: ['acme/app', 'acme/bare'] });
    const first = await ask('/v2/_catalog?n=1');
    expect(first.headers.get('link')).toBe('</v2/_catalog?last=acme%2Fapp&n=1>; rel="next"');
    await sandbox.close();
    await start({ catalog: false });
    expect((await ask('/v2/_catalog')).status).toBe(404);
  });
});

describe('the registry sandbox gives content', () => {
  const manifests = '/v2/acme/app/manifests';

  it.each([
    ['1.0', ONE],
    ['multi', INDEX],
    ['docker', OLD_STYLE],
    ['list', LIST],
    [TWO.digest, TWO],
  ])('%s with its type, digest and bytes, to GET and HEAD', async (reference, manifest) => {
    await start();
    const got = await ask(`${manifests}/${reference}`, ANY);
    const head = await ask(`${manifests}/${reference}`, { ...ANY, method: 'HEAD' });
    for (const response of [got, head]) {
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(manifest.mediaType);
      expect(response.headers.get('content-length')).toBe(String(manifest.bytes.length));
      expect(digestHeader(response)).toBe(manifest.digest);
    }
    expect(digestOf(Buffer.from(await got.arrayBuffer()))).toBe(manifest.digest);
    expect(await head.text()).toBe('');
  });

  it('only of a type that the client accepts, as docker-registry chooses', async () => {
    await start();
    expect(await codeOf(`${manifests}/1.0`, accept(OCI.index))).toEqual([404, 'MANIFEST_UNKNOWN']);
    expect(await codeOf(`${manifests}/multi`, accept('*/*'))).toEqual([404, 'MANIFEST_UNKNOWN']);
    const old = await ask(`${manifests}/docker`);
    expect(old.headers.get('content-type')).toBe('application/vnd.docker.distribution.manifest.v1+prettyjws');
    expect(digestHeader(old)).not.toBe(OLD_STYLE.digest);
    expect(digestHeader(await ask(`${manifests}/list`, accept(DOCKER.manifest)))).toBe(OLD_STYLE.digest);
    expect(digestHeader(await ask(`${manifests}/${OLD_STYLE.digest}`))).toBe(OLD_STYLE.digest);
  });

  it('not again to who has it', async () => {
    await start();
    const headers = { ...ANY.headers, 'if-none-match': `"${ONE.digest}"` };
    expect((await ask(`${manifests}/1.0`, { headers })).status).toBe(304);
    expect((await ask(`${manifests}/2.0`, { headers })).status).toBe(200);
  });

  it('and says what is not there', async () => {
    await start();
    expect(await codeOf(`${manifests}/no-such`, ANY)).toEqual([404, 'MANIFEST_UNKNOWN']);
    expect(await codeOf(`${manifests}/sha256:${'0'.repeat(64)}`, ANY)).toEqual([404, 'MANIFEST_UNKNOWN']);
    expect(await codeOf(`/v2/acme/app/blobs/sha256:${'0'.repeat(64)}`)).toEqual([404, 'BLOB_UNKNOWN']);
    expect(await codeOf('/v2/acme/app/blobs/sha256:abc')).toEqual([400, 'DIGEST_INVALID']);
    expect((await ask('/v2/acme/app/nothing')).status).toBe(404);
    expect((await ask('/v2/acme/app/tags/list', { method: 'POST' })).status).toBe(405);
  });

  it('blobs of tagged, untagged and listed manifests', async () => {
    await start();
    const child = INDEX.children[1] ?? ONE;
    for (const digest of [...ONE.blobs.keys(), ...child.blobs.keys()]) {
      const response = await ask(`/v2/acme/app/blobs/${digest}`);
      expect(digestOf(Buffer.from(await response.arrayBuffer()))).toBe(digest);
    }
    expect((await ask(`${manifests}/${child.digest}`, ANY)).status).toBe(200);
    expect((await ask(`/v2/acme/bare/blobs/${[...ONE.blobs.keys()][0]}`)).status).toBe(404);
  });

  it('what refers to a digest, where the API is on', async () => {
    await start({ referrers: true });
    const path = `/v2/acme/app/referrers/${ONE.digest}`;
    const [listed] = (await read(path))['manifests'] as { digest: string; artifactType: string }[];
    expect(listed).toMatchObject({ digest: REPOSITORIES['acme/app'].extra[0]?.digest });
    const filtered = await ask(`${path}?artifactType=application/none`);
    expect(filtered.headers.get('oci-filters-applied')).toBe('artifactType');
    expect(await filtered.json()).toMatchObject({ mediaType: OCI.index, manifests: [] });
    await sandbox.close();
    await start();
    expect((await ask(path)).status).toBe(404);
  });
});

describe('the registry sandbox is written to', () => {
  const put = (path: string, manifest = ONE) =>
    ask(path, {
      method: 'PUT',
      headers: { 'content-type': manifest.mediaType },
      body: new Uint8Array(manifest.bytes),
    });
  const remove = (path: string) => ask(path, { method: 'DELETE' });

  it('takes blobs pushed at once or in chunks, mounts others, then the manifest', async () => {
    await start();
    expect((await put('/v2/acme/new/manifests/1.0')).status).toBe(400);
    expect(await codeOf('/v2/acme/new/tags/list')).toEqual([404, 'NAME_UNKNOWN']);
    const [[config = '', bytes = Buffer.alloc(0)] = [], [layer = ''] = []] = [...ONE.blobs];
    const opened = await ask('/v2/acme/new/blobs/uploads/', { method: 'POST' });
    const location = opened.headers.get('location') ?? '';
    const half = await fetch(location, { method: 'PATCH', body: new Uint8Array(bytes.subarray(0, 10)) });
    expect([half.status, half.headers.get('range')]).toEqual([202, '0-9']);
    const rest = new Uint8Array(bytes.subarray(10));
    const wrong = await fetch(`${location}&digest=${layer}`, { method: 'PUT', body: rest });
    expect(wrong.status).toBe(400);
    const done = await fetch(`${location}&digest=${config}`, { method: 'PUT', body: rest });
    expect([done.status, digestHeader(done)]).toEqual([201, config]);
    const mount = `/v2/acme/new/blobs/uploads/?mount=${layer}&from=acme/app`;
    expect((await ask(mount, { method: 'POST' })).status).toBe(201);
    const pushed = await put('/v2/acme/new/manifests/1.0');
    expect([pushed.status, digestHeader(pushed)]).toEqual([201, ONE.digest]);
    expect(await read('/v2/acme/new/tags/list')).toEqual({ name: 'acme/new', tags: ['1.0'] });
  });

  it('refuses manifests that are none, of another digest, or of children that are not there', async () => {
    await start();
    const headers = { 'content-type': OCI.manifest };
    const nonsense = { method: 'PUT', headers, body: 'nonsense' };
    expect(await codeOf('/v2/acme/app/manifests/x', nonsense)).toEqual([400, 'MANIFEST_INVALID']);
    expect((await put(`/v2/acme/app/manifests/${TWO.digest}`)).status).toBe(400);
    expect((await put('/v2/acme/bare/manifests/x', INDEX)).status).toBe(400);
    expect((await read('/v2/acme/bare/tags/list'))['tags']).toBeNull();
  });

  it('removes nothing unless that is switched on, then by digest with every tag on it', async () => {
    await start();
    const path = `/v2/acme/app/manifests/${ONE.digest}`;
    expect((await remove(path)).status).toBe(405);
    await sandbox.close();
    await start({ deletes: true });
    expect(await codeOf('/v2/acme/app/manifests/1.0', { method: 'DELETE' })).toEqual([400, 'DIGEST_INVALID']);
    expect((await remove(path)).status).toBe(202);
    expect((await remove(path)).status).toBe(404);
    expect((await read('/v2/acme/app/tags/list'))['tags']).toEqual(['2.0', 'docker', 'list', 'multi']);
    expect((await ask('/v2/acme/app/manifests/multi', ANY)).status).toBe(200);
  });

  it('removes one tag alone where it can, and keeps immutable ones', async () => {
    await start({ deletes: true, deleteByTag: true, immutable: /:2\./ });
    expect((await remove('/v2/acme/app/manifests/1.0')).status).toBe(202);
    expect((await remove('/v2/acme/app/manifests/1.0')).status).toBe(404);
    expect((await ask('/v2/acme/app/manifests/latest', ANY)).status).toBe(200);
    expect((await remove('/v2/acme/app/manifests/2.0')).status).toBe(412);
    expect((await put('/v2/acme/app/manifests/2.0')).status).toBe(412);
    expect((await put('/v2/acme/app/manifests/1.0')).status).toBe(201);
  });

  it('changes under the hands of a test', async () => {
    await start();
    const { content } = sandbox;
    content.put('acme/other', cosignTag(ONE.digest), cosignSignature(ONE.digest));
    content.move('acme/app', 'latest', '2.0');
    content.remove('acme/app', '1.0');
    expect(digestHeader(await ask('/v2/acme/app/manifests/latest', ANY))).toBe(TWO.digest);
    expect((await ask('/v2/acme/app/manifests/1.0', ANY)).status).toBe(404);
    expect((await ask(`/v2/acme/app/manifests/${ONE.digest}`, ANY)).status).toBe(200);
    content.removeRepository('acme/bare');
    expect((await read('/v2/_catalog'))['repositories']).toEqual(['acme/app', 'acme/other']);
    expect(() => content.remove('acme/app', '1.0')).toThrow('acme/app:1.0');
    expect(() => content.move('acme/app', 'no', '2.0')).toThrow('acme/app:no');
  });
});

describe('the registry sandbox', () => {
  it('writes down what it was asked', async () => {
    await start();
    await ask('/v2/acme/app/manifests/1.0', { ...ANY, method: 'HEAD' });
    await ask('/v2/acme/app/manifests/nope', { headers: { authorization: 'Basic abc' } });
    expect(sandbox.requests).toMatchObject([
      { method: 'HEAD', path: '/v2/acme/app/manifests/1.0', status: 200, bytes: 0 },
      { method: 'GET', status: 404, headers: { authorization: 'Basic abc' } },
    ]);
    expect(sandbox.stats.count(/^HEAD .*manifests/)).toBe(1);
    expect(sandbox.stats.bytesOut()).toBeGreaterThan(50);
    expect(sandbox.stats.mostAtOnce).toBe(1);
    sandbox.stats.reset();
    expect(sandbox.requests).toEqual([]);
  });

  it('holds all official images', async () => {
    await start({ repositories: officialImages() });
    expect((await read('/v2/_catalog'))['repositories']).toHaveLength(100);
    expect((await read('/v2/_catalog?n=1000'))['repositories']).toHaveLength(103);
    expect(await codeOf('/v2/_catalog?n=1001')).toEqual([400, 'PAGINATION_NUMBER_INVALID']);
    const { tags } = await read('/v2/library/php/tags/list');
    expect(tags).toHaveLength(Object.keys(officialImages()['library/php']?.tags ?? {}).length);
  });
});
