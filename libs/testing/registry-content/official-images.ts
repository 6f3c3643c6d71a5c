import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';
import { imageIndex } from './image-index.js';
import { imageManifest } from './image-manifest.js';
import type { ImagePlatform, Manifest } from './manifest.js';

/** A repository as a registry holds it. */
export interface RepositoryContent {
  readonly tags: Readonly<Record<string, Manifest>>;
  /** What is there without a tag. */
  readonly extra?: readonly Manifest[];
}

export interface OfficialImagesOptions {
  /** Only these: `['nginx', 'redis']`. */
  readonly repositories?: readonly string[];
  /** Only so many repositories, the first ones. */
  readonly most?: number;
  /** Only so many architectures of each image; all when left out. */
  readonly architectures?: number;
}

interface Line {
  readonly repository: string;
  /** They share one digest. */
  readonly tags: readonly string[];
  readonly architectures?: readonly string[];
  readonly commit?: string;
}

const FIXTURE = 'libs/testing/fixtures/official-image-tags.jsonl';
const NEWEST = Date.UTC(2026, 5, 30);
const OLDEST = Date.UTC(2023, 0, 2);

/**
 * Docker's official images with their real tags, as `library/<repository>`: an index over the architectures where there are several.
 * Content and dates are made, the same at every call; within a repository the newest comes first. Nothing is hashed before it is read.
 */
export function officialImages(options: OfficialImagesOptions = {}): Record<string, RepositoryContent> {
  const wanted = options.repositories === undefined ? null : new Set(options.repositories);
  const byRepository = Map.groupBy(
    lines().filter(({ repository }) => wanted === null || wanted.has(repository)),
    ({ repository }) => repository,
  );
  const kept = [...byRepository].slice(0, options.most);
  return Object.fromEntries(
    kept.map(([repository, own]) => [
      `library/${repository}`,
      { tags: Object.fromEntries(tagged(own, options.architectures)) },
    ]),
  );
}

function tagged(own: readonly Line[], most: number | undefined): (readonly [string, Manifest])[] {
  return own.flatMap((line, at) => {
    const architectures = (line.architectures ?? ['amd64']).slice(0, most);
    const manifest = lineContent({ ...line, architectures }, createdAt(line, at, own.length));
    return line.tags.map((tag) => [tag, manifest] as const);
  });
}

function lineContent(
  { repository, tags, architectures }: Required<Omit<Line, 'commit'>>,
  created: Date,
): Manifest {
  const layers = ['base', `${repository} ${tags[0] ?? ''}`];
  const images = architectures.map((name) => imageManifest({ created, layers, platform: platformOf(name) }));
  const [first] = images;
  return first !== undefined && images.length === 1 ? first : imageIndex(images);
}

/** The lines of a repository share the years evenly; where in its share a line lies is up to its commit. */
function createdAt({ commit = '', repository, tags }: Line, at: number, of: number): Date {
  const hash = createHash('sha256')
    .update(`${repository} ${commit} ${tags[0] ?? ''}`)
    .digest();
  const within = hash.readUInt32BE(0) / 2 ** 32;
  const share = (NEWEST - OLDEST) / of;
  return new Date(Math.floor((NEWEST - (at + within) * share) / 1_000) * 1_000);
}

/** `arm32v7` and `windows-amd64` as OCI writes them. https://github.com/docker-library/official-images#architectures-other-than-amd64 */
function platformOf(name: string): ImagePlatform {
  const [, bits, variant] = /^arm(32|64)(v\d)$/.exec(name) ?? [];
  if (bits !== undefined && variant !== undefined)
    return { os: 'linux', architecture: bits === '32' ? 'arm' : 'arm64', variant };
  if (name.startsWith('windows-')) return { os: 'windows', architecture: name.slice('windows-'.length) };
  return { os: 'linux', architecture: name === 'i386' ? '386' : name };
}

let read: readonly Line[] | null = null;

function lines(): readonly Line[] {
  read ??= readFileSync(join(packageRoot(), FIXTURE), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  return read;
}
