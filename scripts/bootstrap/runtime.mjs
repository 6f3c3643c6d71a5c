import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, NODE_MODULES } from './paths.mjs';
import { Stop } from './stop.mjs';

/** To start with; what runs the service is at least RUNTIME. */
const STARTER = [20, 0];
const RUNTIME = [22, 12];
const PACKAGED = join(NODE_MODULES, `node-${process.platform}-${process.arch}`, 'bin', 'node');

export function checkStarter() {
  if (isAtLeast(process.versions.node, STARTER)) return;
  throw new Stop(
    `This is Node ${process.versions.node}: Tagward needs Node >= 20 to start. Install Node 24 LTS.`,
  );
}

/** The path of the Node that runs the built code: the packaged Node 24, else the one that is running. */
export function chooseRuntime() {
  if (runs(PACKAGED)) return PACKAGED;
  if (isAtLeast(process.versions.node, RUNTIME)) return process.execPath;
  throw new Stop(
    `There is no packaged Node for ${process.platform}-${process.arch} in node_modules and this is Node ${process.versions.node}. ` +
      'Install Node 24 LTS (at least 22.12) and run the same command again; on Linux x64 or arm64 `npm ci` without `--omit=optional` brings it.',
  );
}

/** The package is for glibc: on another libc the file is there and does not start. Asked once for each copy of the file. */
function runs(file) {
  if (!existsSync(file)) return false;
  const { size, mtimeMs } = statSync(file);
  const answer = join(CACHE, 'runtime');
  const key = `${size} ${mtimeMs}`;
  if (existsSync(answer)) {
    const [known, result] = readFileSync(answer, 'utf8').split('\n');
    if (known === key) return result === 'runs';
  }
  const result = spawnSync(file, ['--version'], { stdio: 'ignore' }).status === 0;
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(answer, `${key}\n${result ? 'runs' : 'fails'}`);
  return result;
}

function isAtLeast(version, [major, minor]) {
  const [isMajor = 0, isMinor = 0] = version.split('.').map(Number);
  return isMajor > major || (isMajor === major && isMinor >= minor);
}
