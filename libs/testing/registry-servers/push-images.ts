import { Agent } from 'undici';
import type { Manifest, RepositoryContent } from '../registry-content/index.js';
import type { BasicCredentials } from '../registry-sandbox/index.js';
import { RegistryLogin } from './registry-login.js';

export interface PushOptions {
  readonly auth?: BasicCredentials;
  /** Requests at once. */
  readonly concurrency?: number;
  /** PEM of a certificate to trust. */
  readonly certificate?: string;
}

/** Pushes repositories with all their blobs, manifests and tags, over the wire as docker does. Throws at the first refusal. */
export async function pushImages(
  url: string,
  content: Readonly<Record<string, RepositoryContent>>,
  { auth, concurrency = 16, certificate }: PushOptions = {},
): Promise<void> {
  const connect = certificate === undefined ? {} : { connect: { ca: certificate } };
  const dispatcher = new Agent({ connections: concurrency, ...connect });
  try {
    const push = new Push(new RegistryLogin(url, dispatcher, auth));
    const repositories = Object.entries(content);
    await atOnce(repositories, concurrency, ([name, own]) => push.repository(name, own));
  } finally {
    await dispatcher.close();
  }
}

class Push {
  constructor(private readonly login: RegistryLogin) {}

  async repository(name: string, { tags, extra = [] }: RepositoryContent): Promise<void> {
    const roots = new Set([...Object.values(tags), ...extra]);
    const blobs = new Map([...roots].flatMap((manifest) => [...manifest.blobs]));
    await atOnce([...blobs], PER_REPOSITORY, ([digest, bytes]) => this.blob(name, digest, bytes));
    const tagsOf = Map.groupBy(Object.keys(tags), (tag) => tags[tag]?.digest);
    for (const level of byDepth(roots)) {
      const pushes = level.flatMap((manifest) =>
        (tagsOf.get(manifest.digest) ?? [manifest.digest]).map((reference) => ({ reference, manifest })),
      );
      await atOnce(pushes, PER_REPOSITORY, (one) => this.manifest(name, one.reference, one.manifest));
    }
  }

  private async blob(name: string, digest: string, bytes: Buffer): Promise<void> {
    const opened = await this.send(`/v2/${name}/blobs/uploads/`, name, { method: 'POST', expected: 202 });
    const location = new URL(String(opened['location']));
    location.searchParams.set('digest', digest);
    await this.send(location.href, name, {
      ...{ method: 'PUT', expected: 201, body: bytes },
      headers: { 'content-type': 'application/octet-stream' },
    });
  }

  private async manifest(name: string, reference: string, { mediaType, bytes }: Manifest): Promise<void> {
    const headers = { 'content-type': mediaType };
    const path = `/v2/${name}/manifests/${reference}`;
    await this.send(path, name, { method: 'PUT', expected: 201, body: bytes, headers });
  }

  private async send(path: string, name: string, { expected, ...options }: Sending) {
    const scope = `repository:${name}:pull,push`;
    const { statusCode, headers, body } = await this.login.send(path, scope, options);
    const text = await body.text();
    if (statusCode === expected) return headers;
    throw new Error(`The registry answered ${options.method} ${path} with ${statusCode}: ${text}`);
  }
}

interface Sending {
  readonly method: 'POST' | 'PUT';
  readonly expected: number;
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const PER_REPOSITORY = 4;

/** What others list comes first; each manifest once. */
function byDepth(roots: ReadonlySet<Manifest>): readonly (readonly Manifest[])[] {
  const levels: Manifest[][] = [];
  const depths = new Map<string, number>();
  const depthOf = (manifest: Manifest): number => {
    const known = depths.get(manifest.digest);
    if (known !== undefined) return known;
    const depth = 1 + Math.max(-1, ...manifest.children.map(depthOf));
    depths.set(manifest.digest, depth);
    (levels[depth] ??= []).push(manifest);
    return depth;
  };
  roots.forEach(depthOf);
  return levels;
}

async function atOnce<Item>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
}
