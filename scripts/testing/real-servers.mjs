import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../bootstrap/paths.mjs';

/** What the tests start, by Debian's package. `binary`: where the program itself is, when it is not what lies in /usr/bin. */
const SERVERS = [
  { program: 'redis-server', debian: 'redis-server' },
  { program: 'chromium', debian: 'chromium', binary: 'usr/lib/chromium/chromium' },
  { program: 'docker-registry', debian: 'docker-registry' },
  { program: 'sshd', debian: 'openssh-server', binary: 'usr/sbin/sshd' },
];
const SYSTEM_FOLDERS = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin'];
/** Of a shell: found and not to be started, not found (a library, too). */
const NOT_STARTED = [126, 127];

const UNPACKED = join(CACHE, 'servers');
/** Goes on PATH, last. */
export const UNPACKED_PROGRAMS = join(UNPACKED, 'usr', 'bin');
const POLICY = '/usr/sbin/policy-rc.d';
const APT_TIMEOUT_MS = 240_000;
const APT = [
  '-o',
  'Acquire::Retries=1',
  '-o',
  'Acquire::http::Timeout=15',
  '-o',
  'DPkg::Lock::Timeout=60',
  '-q',
  '-y',
];

/**
 * Installs the servers that tests start and this machine lacks: as root by apt-get (no service is started), else unpacked below
 * node_modules/.cache.
 * @returns lines to show: what was installed, or why not
 */
export function installRealServers() {
  const missing = SERVERS.filter(({ program }) => !isThere(program));
  if (missing.length === 0) return [];
  const packages = missing.map(({ debian }) => debian);
  if (run('apt-get', ['--version']).status !== 0) {
    return [`${packages.join(', ')}: not installed, and there is no apt-get to install from.`];
  }
  const problem = process.getuid() === 0 ? installAsRoot(packages) : unpack(missing);
  const still = missing.filter(({ program }) => !isThere(program)).map(({ debian }) => debian);
  if (still.length === 0) return [`Installed ${packages.join(', ')} for the tests.`];
  return [`${still.join(', ')}: could not be installed: ${problem ?? 'apt-get did not say why'}`];
}

function isThere(program) {
  return [...SYSTEM_FOLDERS, UNPACKED_PROGRAMS].some((folder) => existsSync(join(folder, program)));
}

/** With a policy that forbids to start services, as Debian's own image builds do. https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt */
function installAsRoot(packages) {
  const isOurs = !existsSync(POLICY);
  if (isOurs) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const install = () => apt(['install', '--no-install-recommends', ...packages]);
    if (install() === null) return null;
    return apt(['update']) ?? install();
  } finally {
    if (isOurs) rmSync(POLICY, { force: true });
  }
}

/** Without root: the packages and what they depend on, downloaded and unpacked, each program behind a script that finds its libraries. */
function unpack(servers) {
  const downloads = join(UNPACKED, 'packages');
  const root = join(UNPACKED, 'root');
  mkdirSync(downloads, { recursive: true });
  for (const folder of ['lists', 'archives'])
    mkdirSync(join(UNPACKED, folder, 'partial'), { recursive: true });
  const own = [
    '-o',
    'Debug::NoLocking=1',
    '-o',
    `Dir::State::Lists=${join(UNPACKED, 'lists')}`,
    '-o',
    `Dir::Cache=${UNPACKED}`,
  ];
  const names = servers.map(({ debian }) => debian);
  // An archive of our own, and empty: apt-get names no address for what it has downloaded before.
  let where = ['-o', 'Debug::NoLocking=1', '-o', `Dir::Cache::archives=${join(UNPACKED, 'archives')}`];
  let plan = run('apt-get', [
    ...where,
    ...APT,
    'install',
    '--print-uris',
    '--no-install-recommends',
    ...names,
  ]);
  if (plan.status !== 0 || apt([...where, 'download', ...packagesOf(plan)], downloads) !== null) {
    where = own;
    const failed = apt([...where, 'update']);
    if (failed !== null) return failed;
    plan = run('apt-get', [...where, ...APT, 'install', '--print-uris', '--no-install-recommends', ...names]);
    const refused = apt([...where, 'download', ...packagesOf(plan)], downloads);
    if (refused !== null) return refused;
  }
  for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb'))) {
    const { status, stderr } = run('dpkg', ['-x', join(downloads, file), root]);
    if (status !== 0) return lastLine(stderr);
  }
  const refusals = servers.map((server) => refusalOf(wrap(root, server)));
  return refusals.find((refusal) => refusal !== null) ?? null;
}

function packagesOf({ stdout }) {
  return [...stdout.matchAll(/^'\S+' ([^_\s]+)_\S+\.deb /gm)].map(([, name]) => name);
}

/**
 * The libraries that came with a program are found by nothing else than this; fonts and their settings, where they came along, likewise.
 * @returns the script that starts it
 */
function wrap(root, { program, binary = join('usr', 'bin', program) }) {
  const folder = join(UNPACKED, 'usr', 'bin');
  const libraries = ['lib', join('usr', 'lib')].flatMap((at) => librariesIn(join(root, at)));
  mkdirSync(folder, { recursive: true });
  const script = join(folder, program);
  const fonts = existsSync(join(root, 'etc', 'fonts')) ? `FONTCONFIG_SYSROOT='${root}' ` : '';
  writeFileSync(
    script,
    `#!/bin/sh\nLD_LIBRARY_PATH='${libraries.join(':')}' ${fonts}exec '${join(root, binary)}' "$@"\n`,
  );
  chmodSync(script, 0o755);
  return script;
}

/** A program that is unpacked and does not start counts as not there. @returns why, or null when it starts */
function refusalOf(script) {
  const { status, signal, stderr } = run(script, ['--version']);
  if (signal === null && status !== null && !NOT_STARTED.includes(status)) return null;
  rmSync(script);
  return lastLine(stderr) || `${script} does not start`;
}

function librariesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.includes('-linux-'))
    .map(({ name }) => join(folder, name));
}

/** null when it went well, else the line that says what did not. */
function apt(args, cwd) {
  const { status, stderr, error } = run('apt-get', [...APT, ...args], cwd);
  if (status === 0) return null;
  return error === undefined ? lastLine(stderr) : error.message;
}

function run(file, args, cwd) {
  return spawnSync(file, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: APT_TIMEOUT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', LC_ALL: 'C' },
  });
}

function lastLine(text) {
  return (
    text
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('E:'))
      .pop() ??
    text.trim().split('\n').pop() ??
    ''
  );
}
