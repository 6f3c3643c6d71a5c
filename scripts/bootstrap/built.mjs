import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DIST, NODE_MODULES, ROOT } from './paths.mjs';
import { withRunLock } from './run-lock.mjs';
import { say, Stop } from './stop.mjs';

const SOURCES = ['apps', 'libs', 'test/bench'];
const TEST_ONLY = /\.(spec|fixture)\.ts$/;
const MANIFEST = join(DIST, '.built.json');

/** Makes dist/ agree with the sources: TypeScript by SWC (no type check), everything else beside it copied. */
export async function ensureBuilt() {
  if (changes().isNone) return;
  await withRunLock(async () => {
    const { key, sources, stale, gone, isNone } = changes();
    if (isNone) return;
    const started = Date.now();
    if (stale.length > 20) say('Building…');
    for (const path of gone) removeOutput(path);
    await compile(stale);
    writeAtomically(MANIFEST, JSON.stringify({ key, files: Object.fromEntries(sources) }));
    if (stale.length > 20)
      say(`Built ${stale.length} files in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  });
}

function changes() {
  const key = buildKey();
  const sources = new Map(SOURCES.flatMap((folder) => [...filesBelow(join(ROOT, folder))]));
  const before = readManifest(key);
  const stale = [...sources]
    .filter(([path, stamp]) => before.get(path) !== stamp || !isOutputThere(path))
    .map(([path]) => path);
  const gone = [...before.keys()].filter((path) => !sources.has(path));
  return { key, sources, stale, gone, isNone: stale.length === 0 && gone.length === 0 };
}

/** What the outputs depend on beside the sources. */
function buildKey() {
  const compiler = readFileSync(join(NODE_MODULES, '@swc', 'core', 'package.json'), 'utf8');
  return `1 ${JSON.parse(compiler).version} ${readFileSync(join(ROOT, '.swcrc'), 'utf8')}`;
}

function* filesBelow(folder) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile() && !TEST_ONLY.test(entry.name)) {
      const { mtimeMs, size } = statSync(path);
      yield [relative(ROOT, path), `${mtimeMs} ${size}`];
    }
  }
}

function readManifest(key) {
  try {
    const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));
    if (manifest.key === key) return new Map(Object.entries(manifest.files));
  } catch {
    // A missing or torn manifest is no manifest: everything is built anew.
  }
  return new Map();
}

function outputOf(path) {
  return join(DIST, path.replace(/\.ts$/, '.js'));
}

function isOutputThere(path) {
  return statSync(outputOf(path), { throwIfNoEntry: false }) !== undefined;
}

function removeOutput(path) {
  rmSync(outputOf(path), { force: true });
  rmSync(`${outputOf(path)}.map`, { force: true });
}

async function compile(paths) {
  const { transformFile } = await loadCompiler();
  const options = JSON.parse(readFileSync(join(ROOT, '.swcrc'), 'utf8'));
  delete options.$schema;
  const failures = [];
  await Promise.all(
    paths.map(async (path) => {
      const output = outputOf(path);
      mkdirSync(dirname(output), { recursive: true });
      if (!path.endsWith('.ts')) return copyFileSync(join(ROOT, path), output);
      try {
        const sourceFileName = relative(dirname(output), join(ROOT, path));
        const { code, map } = await transformFile(join(ROOT, path), {
          ...options,
          swcrc: false,
          sourceFileName,
        });
        if (map !== undefined) writeAtomically(`${output}.map`, map);
        writeAtomically(
          output,
          map === undefined ? code : `${code}\n//# sourceMappingURL=${output.split(/[\\/]/).pop()}.map\n`,
        );
      } catch (error) {
        failures.push(`${path}: ${error.message.trim()}`);
      }
    }),
  );
  if (failures.length > 0)
    throw new Stop(
      `${failures.join('\n\n')}\n\nThe build failed: mend the ${failures.length} file(s) named above.`,
    );
}

async function loadCompiler() {
  const file = createRequire(join(ROOT, 'package.json')).resolve('@swc/core');
  try {
    return (await import(pathToFileURL(file).href)).default;
  } catch (error) {
    throw new Stop(
      `The compiler does not load (${error.message}). Remove node_modules and run the same command again.`,
    );
  }
}

function writeAtomically(file, text) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}
