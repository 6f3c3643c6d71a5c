import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  attestation,
  cosignSignature,
  cosignTag,
  descriptorOf,
  imageIndex,
  imageManifest,
  officialImages,
  referrer,
  type Descriptor,
  type Manifest,
} from './index.js';

const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const read = (manifest: Manifest) => JSON.parse(manifest.bytes.toString());
const configOf = (manifest: Manifest) =>
  JSON.parse(manifest.blobs.get(read(manifest).config.digest)?.toString() ?? '');

/** Every digest and size is that of the bytes, all the way down. */
function expectSound(manifest: Manifest): void {
  expect(manifest.digest).toBe(sha256(manifest.bytes));
  const content = read(manifest);
  expect(content.mediaType).toBe(manifest.mediaType);
  for (const [digest, bytes] of manifest.blobs) expect(sha256(bytes)).toBe(digest);
  const blobs: Descriptor[] = content.manifests === undefined ? [content.config, ...content.layers] : [];
  for (const { digest, size } of blobs) expect(manifest.blobs.get(digest)?.length).toBe(size);
  const listed: Descriptor[] = content.manifests ?? [];
  expect(listed.map(({ digest, size }) => [digest, size])).toEqual(
    manifest.children.map(({ digest, bytes }) => [digest, bytes.length]),
  );
  manifest.children.forEach(expectSound);
}

describe('image content', () => {
  it.each([
    ['an OCI image', imageManifest({ layers: ['base', 'app'], annotations: { a: 'b' } })],
    ['a docker image', imageManifest({ style: 'docker' })],
    ['an index', imageIndex([imageManifest(), imageManifest({ layers: ['other'] })])],
    ['a manifest list', imageIndex([imageManifest({ style: 'docker' })], { style: 'docker' })],
    ['an index of an index', imageIndex([imageIndex([imageManifest()])])],
    ['an image with its attestation', imageIndex([imageManifest(), attestation(imageManifest().digest)])],
    ['a signature', cosignSignature(imageManifest().digest)],
    ['a referrer', referrer(descriptorOf(imageManifest()))],
  ])('%s is sound', (_, manifest) => {
    expectSound(manifest);
  });

  it('has layers that are tars whose digest the config names', () => {
    const image = imageManifest({ layers: ['one', 'two'] });
    const { rootfs } = configOf(image);
    const tars = read(image).layers.map(({ digest }: Descriptor) =>
      gunzipSync(image.blobs.get(digest) ?? Buffer.alloc(0)),
    );
    expect(tars.map(sha256)).toEqual(rootfs.diff_ids);
    expect(tars[0].toString('latin1', 257, 262)).toBe('ustar');
  });

  it('is the same for the same options and differs by date, platform and config', () => {
    const one = { created: '2024-01-02T03:04:05Z', platform: { os: 'linux', architecture: 'arm64' } };
    const digests = [
      imageManifest(one),
      imageManifest({ ...one, created: null }),
      imageManifest({ ...one, platform: { os: 'linux', architecture: 's390x' } }),
      imageManifest({ ...one, config: { config: { Labels: { team: 'web' } } } }),
      imageManifest({ ...one, style: 'docker' }),
    ].map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(5);
    expect(imageManifest(one).digest).toBe(digests[0]);
    expect(configOf(imageManifest({ created: null }))).not.toHaveProperty('created');
    expect(configOf(imageManifest(one)).created).toBe('2024-01-02T03:04:05Z');
  });

  it('names what is said of a digest as cosign does, and points at it in both ways', () => {
    const image = imageManifest();
    expect(cosignTag(image.digest, 'att')).toBe(`sha256-${image.digest.slice(7)}.att`);
    expect(configOf(cosignSignature(image.digest))).toEqual({});
    expect(read(referrer(descriptorOf(image))).subject.digest).toBe(image.digest);
    const [, listed] = read(imageIndex([image, attestation(image.digest)])).manifests;
    expect(listed.platform).toEqual({ os: 'unknown', architecture: 'unknown' });
    expect(listed.annotations['vnd.docker.reference.digest']).toBe(image.digest);
  });
});

describe('the official images', () => {
  it('are all there, tags of a line on one digest, an index where there are several architectures', () => {
    const images = officialImages();
    expect(Object.keys(images)).toHaveLength(103);
    expect(Object.values(images).flatMap(({ tags }) => Object.keys(tags))).toHaveLength(6_895);
    const tags = images['library/adminer']?.tags ?? {};
    expect(tags['latest']?.digest).toBe(tags['6.0.1']?.digest);
    expect(tags['latest']?.digest).not.toBe(tags['5']?.digest);
    expect(tags['latest']?.children).toHaveLength(8);
    expect(tags['latest']?.children[1]?.listedAs.platform).toEqual({
      os: 'linux',
      architecture: 'arm',
      variant: 'v6',
    });
    expectSound(tags['latest'] ?? imageManifest());
  });

  it('are the same at every call, and each line has a digest of its own', () => {
    const digests = () =>
      Object.values(officialImages({ repositories: ['php', 'redis'] })).flatMap(({ tags }) =>
        Object.values(tags).map(({ digest }) => digest),
      );
    expect(digests()).toEqual(digests());
    expect(new Set(digests()).size).toBe(98 + new Set(redisDigests()).size);
  });

  it('are dated from newest to oldest over the years, as listed', () => {
    const { tags } = officialImages({ repositories: ['php'] })['library/php'] ?? { tags: {} };
    // An object's own order puts names like `8` first.
    const listed = Object.entries(tags).filter(([tag]) => !/^\d+$/.test(tag));
    const dates = [...new Set(listed.map(([, manifest]) => manifest))].map((manifest) =>
      Date.parse(configOf(manifest.children[0] ?? manifest).created),
    );
    expect(dates).toEqual([...dates].sort((a, b) => b - a));
    expect(new Set(dates).size).toBe(dates.length);
    expect([dates[0] ?? 0, dates.at(-1) ?? 0].map((date) => new Date(date).getUTCFullYear())).toEqual([
      2026, 2023,
    ]);
  });

  it('can be some of them', () => {
    expect(Object.keys(officialImages({ most: 3 }))).toEqual([
      'library/adminer',
      'library/aerospike',
      'library/almalinux',
    ]);
    expect(Object.keys(officialImages({ repositories: ['redis', 'no-such'] }))).toEqual(['library/redis']);
    const few = officialImages({ repositories: ['adminer'], architectures: 2 })['library/adminer'];
    expect(few?.tags['latest']?.children).toHaveLength(2);
  });
});

function redisDigests(): string[] {
  const { tags } = officialImages({ repositories: ['redis'] })['library/redis'] ?? { tags: {} };
  return Object.values(tags).map(({ digest }) => digest);
}
