import { existsSync } from 'node:fs';
import { Agent, fetch } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import {
  attestation,
  cosignSignature,
  cosignTag,
  descriptorOf,
  digestOf,
  imageIndex,
  imageManifest,
  MANIFEST_TYPES,
  officialImages,
  referrer,
} from '../registry-content/index.js';
import { demoRegistry } from '../registry-sandbox/index.js';
import {
  pushImages,
  REGISTRY_TEST_PASSWORD,
  selfSigned,
  startDockerRegistry,
  startJwtTokenServer,
  type DockerRegistry,
  type DockerRegistryOptions,
} from './index.js';

const ANN = { username: 'ann', password: REGISTRY_TEST_PASSWORD };
const IMAGE = imageManifest();
const INDEX = imageIndex([IMAGE, imageManifest({ layers: ['arm'] }), attestation(IMAGE.digest)]);
const CONTENT = {
  'acme/app': {
    tags: {
      latest: IMAGE,
      '1.0': IMAGE,
      multi: INDEX,
      docker: imageManifest({ style: 'docker' }),
      list: imageIndex([imageManifest({ style: 'docker' })], { style: 'docker' }),
      nested: imageIndex([imageIndex([IMAGE])]),
      [cosignTag(IMAGE.digest)]: cosignSignature(IMAGE.digest),
    },
    extra: [referrer(descriptorOf(IMAGE))],
  },
};

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function started(options: Omit<DockerRegistryOptions, 'spec'> = {}): Promise<DockerRegistry> {
  const server = await startDockerRegistry({ spec: import.meta.url, ...options });
  if (server === null) throw new Error('It was there when this file began.');
  stops.push(() => server.stop());
  return server;
}

async function pushed(): Promise<DockerRegistry> {
  const server = await started();
  await pushImages(server.url, CONTENT);
  return server;
}

async function bytesOf(url: string): Promise<Buffer> {
  const response = await fetch(url, { headers: { accept: MANIFEST_TYPES.join(', ') } });
  return Buffer.from(await response.arrayBuffer());
}

const first = await startDockerRegistry({ spec: import.meta.url });
await first?.stop();

describe.runIf(first)("Debian's docker-registry", () => {
  it.each([
    ['pushed', async () => pushed()],
    ['stored', async () => started({ content: CONTENT })],
  ])('gives back all content that we make, %s, as it was', async (_, make) => {
    const { url } = await make();
    const { tags, extra } = CONTENT['acme/app'];
    const list = (await (await fetch(`${url}/v2/acme/app/tags/list`)).json()) as { tags: string[] };
    expect([...list.tags].sort()).toEqual(Object.keys(tags).sort());
    for (const [reference, manifest] of [
      ...Object.entries(tags),
      ...extra.map((one) => [one.digest, one] as const),
    ]) {
      const bytes = await bytesOf(`${url}/v2/acme/app/manifests/${reference}`);
      expect([reference, digestOf(bytes)]).toEqual([reference, manifest.digest]);
      for (const digest of manifest.blobs.keys())
        expect(digestOf(await bytesOf(`${url}/v2/acme/app/blobs/${digest}`))).toBe(digest);
    }
    const catalog = (await (await fetch(`${url}/v2/_catalog`)).json()) as { repositories: string[] };
    expect(catalog.repositories).toEqual(['acme/app']);
  });

  it('takes official images and the repository of the quickstart', async () => {
    const { url } = await started();
    const app = demoRegistry().repositories['acme/app'] ?? { tags: {} };
    const images = { 'acme/app': app, ...officialImages({ most: 5, architectures: 2 }) };
    await pushImages(url, images);
    const catalog = (await (await fetch(`${url}/v2/_catalog`)).json()) as { repositories: string[] };
    expect(catalog.repositories).toEqual(Object.keys(images).sort());
  });

  it('lets in who has the password, and nobody else', async () => {
    const { url } = await started({ htpasswd: ANN });
    await expect(pushImages(url, CONTENT)).rejects.toThrow('401');
    await expect(pushImages(url, CONTENT, { auth: { ...ANN, password: 'wrong' } })).rejects.toThrow('401');
    await pushImages(url, CONTENT, { auth: ANN });
  });

  it('takes the tokens of our token server, and asks for the right ones', async () => {
    const tokens = await startJwtTokenServer({
      users: { ann: 'secret-of-ann' },
      anonymousPull: true,
    });
    stops.push(() => tokens.close());
    const { url } = await started({ token: tokens });
    await pushImages(url, CONTENT, { auth: { username: 'ann', password: 'secret-of-ann' } });
    const scope = 'repository:acme/app:pull';
    expect(tokens.asked).toMatchObject([
      { account: 'ann', service: tokens.service, scopes: [`${scope},push`], isGiven: true },
    ]);
    const refused = await fetch(`${url}/v2/acme/app/tags/list`);
    expect(refused.headers.get('www-authenticate')).toBe(
      `Bearer realm="${tokens.realm}",service="${tokens.service}",scope="${scope}"`,
    );
    const given = await fetch(`${tokens.realm}?service=${tokens.service}&scope=${scope}`);
    const { token } = (await given.json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${url}/v2/acme/app/tags/list`, { headers })).status).toBe(200);
    expect((await fetch(`${url}/v2/acme/other/tags/list`, { headers })).status).toBe(401);
    const push = { method: 'POST', headers };
    expect((await fetch(`${url}/v2/acme/app/blobs/uploads/`, push)).status).toBe(401);
    const wrong = { authorization: `Basic ${btoa('ann:wrong')}` };
    expect((await fetch(tokens.realm, { headers: wrong })).status).toBe(401);
  });

  it('removes by digest where that is switched on', async () => {
    for (const deletes of [false, true]) {
      const { url } = await started({ deletes });
      await pushImages(url, CONTENT);
      const path = `${url}/v2/acme/app/manifests/${IMAGE.digest}`;
      expect((await fetch(path, { method: 'DELETE' })).status).toBe(deletes ? 202 : 405);
    }
  });

  it('speaks TLS with a certificate that only who was given it trusts', async () => {
    const tls = selfSigned();
    const { url } = await started({ tls });
    await expect(fetch(`${url}/v2/`)).rejects.toThrow('fetch failed');
    await pushImages(url, CONTENT, { certificate: tls.certificate });
    const dispatcher = new Agent({ connect: { ca: tls.certificate } });
    stops.push(() => dispatcher.close());
    expect((await fetch(`${url}/v2/`, { dispatcher })).status).toBe(200);
  });

  it('is gone after stop, with all that it kept', async () => {
    const server = await startDockerRegistry({ spec: import.meta.url });
    await server?.stop();
    expect(existsSync(server?.folder ?? '')).toBe(false);
    expect(() => process.kill(server?.pid ?? 0, 0)).toThrow('ESRCH');
  });

  it('says why when it does not start', async () => {
    const token = { realm: 'http://127.0.0.1/token', service: 's', issuer: 'i', certificate: 'none' };
    await expect(startDockerRegistry({ spec: import.meta.url, token })).rejects.toThrow(
      /ended: panic: .*token auth/,
    );
  });
});
