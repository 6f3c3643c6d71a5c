import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { endNow, freePort, spawnBound, untilSaid, type BoundProcess } from '../bound-process.js';
import { realProgram, type RealProgramOptions, type RealServer } from '../real-servers.js';
import { htpasswdLine } from './htpasswd-line.js';
import type { RepositoryContent } from '../registry-content/index.js';
import type { JwtTokenServer } from './jwt-token-server.js';
import { storeImages } from './store-images.js';

export interface DockerRegistryOptions extends RealProgramOptions {
  /** Who may do everything, by Basic. */
  readonly htpasswd?: { readonly username: string; readonly password: string };
  /** Tokens of this server are taken. Not beside `htpasswd`. */
  readonly token?: Pick<JwtTokenServer, 'realm' | 'service' | 'issuer' | 'certificate'>;
  /** `storage.delete.enabled` */
  readonly deletes?: boolean;
  /** What it holds from the start; many images come in faster so than by `pushImages`. */
  readonly content?: Readonly<Record<string, RepositoryContent>>;
  readonly tls?: { readonly key: string; readonly certificate: string };
  /** Default: a free one. */
  readonly port?: number;
  /** Who is told of pushes and deletes, and with which `Authorization`. */
  readonly notify?: { readonly url: string; readonly authorization: string };
}

export interface DockerRegistry extends Omit<RealServer, 'restart'> {
  /** Where it keeps its content. */
  readonly folder: string;
}

/**
 * Debian's docker-registry (CNCF distribution 2.8) on a free port and a folder of its own.
 *
 * @returns null when it is not installed: skip the tests that need it; see `realProgram`
 */
export async function startDockerRegistry(options: DockerRegistryOptions): Promise<DockerRegistry | null> {
  const program = await realProgram('docker-registry', options);
  if (program === null) return null;
  const folder = await mkdtemp(join(await fastFolder(), 'tagward-registry-'));
  try {
    return await started(program, folder, options);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

const MEMORY = '/dev/shm';
const ROOM_BYTES = 512 * 1024 * 1024;

/** The registry waits for the disk at every file, and writes four for a tag; in memory it takes a third of the time. */
async function fastFolder(): Promise<string> {
  const room = await statfs(MEMORY).catch(() => null);
  return room !== null && room.bavail * room.bsize > ROOM_BYTES ? MEMORY : tmpdir();
}

async function started(
  program: string,
  folder: string,
  options: DockerRegistryOptions,
): Promise<DockerRegistry> {
  const port = options.port ?? (await freePort());
  const file = join(folder, 'config.yml');
  await mkdir(join(folder, 'data'));
  storeImages(join(folder, 'data'), options.content ?? {});
  await writeFile(file, stringify(await configuration(folder, port, options)));
  const child = spawnBound(program, ['serve', file]);
  const scheme = options.tls === undefined ? 'http' : 'https';
  await listening(child, port);
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    folder: join(folder, 'data'),
    async stop() {
      await endNow(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listening(child: BoundProcess, port: number): Promise<void> {
  try {
    await untilSaid(child, `listening on 127.0.0.1:${port}`);
  } catch (error) {
    await endNow(child);
    throw error;
  }
}

/** https://distribution.github.io/distribution/about/configuration/ */
async function configuration(folder: string, port: number, options: DockerRegistryOptions): Promise<object> {
  const { deletes = false, tls } = options;
  return {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: join(folder, 'data') },
      cache: { blobdescriptor: 'inmemory' },
      delete: { enabled: deletes },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: {
      addr: `127.0.0.1:${port}`,
      ...(tls === undefined ? {} : { tls: await tlsFiles(folder, tls) }),
    },
    ...(await authentication(folder, options)),
    ...notifications(options),
  };
}

/** https://distribution.github.io/distribution/about/notifications/#configuration */
function notifications({ notify }: DockerRegistryOptions): object {
  if (notify === undefined) return {};
  const { url, authorization } = notify;
  const headers = { Authorization: [authorization] };
  const endpoint = { name: 'tagward', url, headers, timeout: '500ms', threshold: 5, backoff: '1s' };
  return { notifications: { endpoints: [endpoint] } };
}

async function authentication(folder: string, { htpasswd, token }: DockerRegistryOptions): Promise<object> {
  if (htpasswd !== undefined) {
    const path = join(folder, 'htpasswd');
    await writeFile(path, await htpasswdLine(htpasswd.username, htpasswd.password));
    return { auth: { htpasswd: { realm: 'tests', path } } };
  }
  if (token === undefined) return {};
  const { realm, service, issuer, certificate } = token;
  const rootcertbundle = join(folder, 'tokens.pem');
  await writeFile(rootcertbundle, certificate);
  return { auth: { token: { realm, service, issuer, rootcertbundle } } };
}

async function tlsFiles(folder: string, { key, certificate }: { key: string; certificate: string }) {
  const files = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  await writeFile(files.key, key, { mode: 0o600 });
  await writeFile(files.certificate, certificate);
  return files;
}
