import { generateKeyPairSync, sign } from 'node:crypto';
import { imageIndex, imageManifest, attestation, cosignSignature, OCI } from '#testing';
import { afterEach, describe, expect, it } from 'vitest';
import { DATES, scanOnce, startRaw, unread, type RawServer } from '../registry-session.fixture.js';
import { fromContent, toContent } from './manifest-facts.js';
import { SIGNED_SCHEMA_1 } from './media-types.js';
import { parseManifest } from './parse-manifest.js';
import { readDate } from './read-date.js';
import { namedSubjects } from './subject-tags.js';
import { sha256Of } from './verify-digest.js';

const place = { what: 'a manifest', origin: 'https://r.example' };
const parse = (document: unknown, type: string | null = null) =>
  parseManifest(Buffer.from(JSON.stringify(document)), type, place);
const one = imageManifest({ layers: ['a', 'b'] });
const digest = one.digest;

describe('manifests', () => {
  it('of images have sizes, layers and a configuration to ask for the date', () => {
    const { facts, config } = parseManifest(one.bytes, one.mediaType, place);
    expect(facts).toMatchObject({
      layers: 2,
      children: null,
      subject: null,
      createdAt: null,
      artifactType: null,
    });
    expect(facts.bytes).toBe([...one.blobs.values()].reduce((sum, { length }) => sum + length, 0));
    expect(one.blobs.has(config?.digest ?? '')).toBe(true);
  });

  it('of indexes name their manifests, and tell statements from platforms', () => {
    const index = imageIndex([one, attestation(one.digest)]);
    const { facts } = parseManifest(index.bytes, index.mediaType, place);
    expect(facts.children).toMatchObject([
      { digest: one.digest, platform: 'linux/amd64', attestation: false },
      { platform: 'unknown/unknown', attestation: true },
    ]);
  });

  it('of artifacts have no configuration worth a request', () => {
    const signature = cosignSignature(one.digest);
    expect(parseManifest(signature.bytes, signature.mediaType, place).config).toBeNull();
    const artifact = parse({
      mediaType: 'application/vnd.oci.artifact.manifest.v1+json',
      artifactType: 'x/y',
      blobs: [{ digest, size: 4 }],
      subject: { digest, size: 1 },
    });
    expect(artifact.facts).toMatchObject({ bytes: 4, layers: 1, subject: digest, artifactType: 'x/y' });
    const chart = parse({
      config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest, size: 90 },
      layers: [],
    });
    expect([chart.config, chart.facts.artifactType]).toEqual([
      null,
      'application/vnd.cncf.helm.config.v1+json',
    ]);
  });

  it('give their type by what they say, else by how they were sent', () => {
    expect(parse({ manifests: [] }, `${OCI.index}; charset=utf-8`).facts.mediaType).toBe(OCI.index);
    expect(parse({ manifests: [], mediaType: 'own/type' }, OCI.index).facts.mediaType).toBe('own/type');
  });

  it('come back from what was kept of them as they were', () => {
    const { facts } = parseManifest(imageIndex([one]).bytes, null, place);
    expect(fromContent(JSON.parse(JSON.stringify(toContent(facts))) as never)).toMatchObject(facts);
    for (const other of [undefined, {}, { v: 0, mediaType: 'x' }, { v: 1 }])
      expect(fromContent(other)).toBeNull();
  });
});

describe('dates', () => {
  it('are RFC 3339 or none', () => {
    expect(readDate('2024-05-06T07:08:09.123456789Z')).toBe(Date.UTC(2024, 4, 6, 7, 8, 9, 123));
    expect(readDate('2024-05-06T07:08:09+02:00')).toBe(Date.UTC(2024, 4, 6, 5, 8, 9));
    expect(readDate('0001-01-01T00:00:00Z')).toBeLessThan(0);
    for (const none of ['', '2024', 'yesterday', 1_700_000_000, null, '2024-13-45T99:99:99Z'])
      expect(readDate(none)).toBeNull();
  });
});

describe('names of tags that are about something', () => {
  it('are those of cosign and of the referrers tag schema', () => {
    const hex = 'ab'.repeat(32);
    for (const tag of [`sha256-${hex}`, `sha256-${hex}.sig`, `sha256-${hex}.att`, `sha256-${hex}.sbom`])
      expect([...namedSubjects([tag])]).toEqual([`sha256:${hex}`]);
    for (const tag of ['v1', `sha256-${hex.slice(1)}`, `sha256-${hex}-x`, `SHA256-${hex}`])
      expect(namedSubjects([tag]).size).toBe(0);
  });
});

describe('schema 1', () => {
  const open: RawServer[] = [];
  afterEach(async () => {
    for (const server of open.splice(0)) await server.close();
  });

  /** Signed as docker signs: https://github.com/docker/libtrust, JSON signatures. */
  function signed(created: string): { bytes: Buffer; digest: string } {
    const manifest = {
      ...{
        schemaVersion: 1,
        name: 'acme/app',
        tag: 'old',
        architecture: 'amd64',
        fsLayers: [{ blobSum: digest }],
      },
      history: [{ v1Compatibility: JSON.stringify({ created, os: 'linux', architecture: 'amd64' }) }],
    };
    const payload = JSON.stringify(manifest, null, 3);
    const head = payload.slice(0, -2);
    const seal = {
      formatLength: Buffer.byteLength(head),
      formatTail: Buffer.from('\n}').toString('base64url'),
      time: created,
    };
    const protectedText = Buffer.from(JSON.stringify(seal)).toString('base64url');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signature = sign(
      'sha256',
      Buffer.from(`${protectedText}.${Buffer.from(payload).toString('base64url')}`),
      privateKey,
    );
    const signatures = [
      { header: { alg: 'ES256' }, signature: signature.toString('base64url'), protected: protectedText },
    ];
    return {
      bytes: Buffer.from(`${head},\n   "signatures": ${JSON.stringify(signatures)}\n}`),
      digest: sha256Of(Buffer.from(payload)),
    };
  }

  async function serve({ bytes, digest: own }: { bytes: Buffer; digest: string }): Promise<string> {
    const registry = await startRaw(({ url, method }, response) => {
      if (url?.includes('/tags/list') === true) response.end('{"tags":["old"]}');
      else
        response
          .writeHead(200, { 'docker-content-digest': own, 'content-type': SIGNED_SCHEMA_1 })
          .end(method === 'HEAD' ? '' : bytes);
    });
    open.push(registry);
    return registry.url;
  }

  it('is read, with the digest of what was signed', async () => {
    const old = signed('2015-06-07T08:09:10.5Z');
    const { resources, errors } = await scanOnce(
      await serve(old),
      { config: { repositories: ['acme/app'] } },
      { facts: DATES },
    );
    expect(errors).toEqual([]);
    expect(resources[0]?.tags.at(0)).toMatchObject({
      digest: old.digest,
      createdAt: new Date('2015-06-07T08:09:10.5Z'),
    });
    expect(resources[0]?.tags.at(0)?.pointer).toEqual({ children: [], subject: null, layers: 1 });
  });

  it('H15: is refused when what was signed is not what the digest names', async () => {
    const old = signed('2015-06-07T08:09:10Z');
    const bytes = Buffer.from(old.bytes.toString('utf8').replace('acme/app', 'evil/app'));
    const result = await scanOnce(
      await serve({ ...old, bytes }),
      { config: { repositories: ['acme/app'] } },
      { facts: DATES },
    );
    expect(unread(result, 'acme/app').message).toContain('other bytes than its digest names');
  });
});
