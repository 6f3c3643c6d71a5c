import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { HygieneError } from '#core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BoundedProcess, feed, runBounded, type ProcessRequest } from './bounded-process.js';
import { childEnvironment } from './child-environment.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(`${tmpdir()}/bounded-process-`);
});
afterAll(() => rm(cwd, { recursive: true }));

const LIMITS = { firstByteMs: 5_000, idleMs: 5_000, totalMs: 5_000, maxBytes: 1_048_576 };

const shell = (script: string, more: Partial<ProcessRequest> = {}): ProcessRequest => ({
  program: 'sh',
  args: ['-c', script],
  env: childEnvironment(),
  cwd,
  what: 'the answer',
  origin: 'a program',
  limits: LIMITS,
  signal: new AbortController().signal,
  ...more,
});

async function failure(work: Promise<unknown>): Promise<HygieneError> {
  const reason = await work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );
  expect(reason).toBeInstanceOf(HygieneError);
  return reason as HygieneError;
}

/** Nothing of the group runs any more; what its new parent has not yet buried does not count. */
async function groupIsGone(group: number): Promise<void> {
  expect(group).toBeGreaterThan(1);
  await vi.waitFor(async () => expect(await running(group)).toEqual([]), { timeout: 2_000 });
}

async function running(group: number): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(ids.map((id) => readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')));
  // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: after the name in brackets: state, parent, group.
  return stats.filter((stat) => {
    const [state, , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(itsGroup) === group && state !== 'Z' && state !== 'X';
  });
}

/** A program that starts another one, tells its own id, and waits with it. */
const FAMILY = 'sleep 100 & echo $$; wait';

async function firstLine(child: BoundedProcess): Promise<number> {
  for await (const chunk of child.output) return Number(chunk.toString());
  return expect.fail('it said nothing');
}

describe('a bounded process', () => {
  it('gives back what the program wrote and how it ended', async () => {
    const end = await runBounded(shell('cat; echo oops >&2; exit 3'), ['one', ' two']);
    expect(end.output.toString()).toBe('one two');
    expect(end).toMatchObject({ code: 3, complaints: 'oops\n' });
  });

  it('G6: has an environment of an allow list, whatever this process has', async () => {
    for (const name of ['GIT_SSH_COMMAND', 'GIT_PROXY_COMMAND', 'GIT_EXTERNAL_DIFF', 'LD_PRELOAD_X'])
      vi.stubEnv(name, 'touch pwned');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'a-secret');
    vi.stubEnv('DATABASE_URL', 'postgres://a:b@c/d');
    try {
      const { output } = await runBounded(shell('env'));
      const names = output
        .toString()
        .trim()
        .split('\n')
        .map((line) => line.split('=')[0]);
      // PWD, SHLVL, OLDPWD and _ are the shell's own.
      expect(names.filter((name) => !['PWD', 'SHLVL', 'OLDPWD', '_'].includes(name ?? '')).sort()).toEqual([
        'LC_ALL',
        'PATH',
        'TZ',
      ]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('G14: ends the whole group when the output is too long, and when it lasts too long', async () => {
    const endless = new BoundedProcess(
      shell('echo $$; yes & wait', { limits: { ...LIMITS, maxBytes: 65_536 } }),
    );
    let pid = 0;
    const read = async (): Promise<void> => {
      for await (const chunk of endless.output) pid ||= Number.parseInt(chunk.toString(), 10);
    };
    expect((await failure(read())).code).toBe('REMOTE_REPLY_INVALID');
    expect((await failure(endless.ended)).code).toBe('REMOTE_REPLY_INVALID');
    await groupIsGone(pid);

    const slow = new BoundedProcess(shell(FAMILY, { limits: { ...LIMITS, totalMs: 400 } }));
    const chunks: string[] = [];
    const listen = async (): Promise<void> => {
      for await (const chunk of slow.output) chunks.push(chunk.toString());
    };
    expect((await failure(listen())).code).toBe('REMOTE_TIMEOUT');
    expect((await failure(slow.ended)).code).toBe('REMOTE_TIMEOUT');
    await groupIsGone(Number(chunks.join('')));
  });

  it('ends the group with CANCELLED when it is aborted, and at close', async () => {
    const abort = new AbortController();
    const child = new BoundedProcess(shell(FAMILY, { signal: abort.signal }));
    const reading = (async () => {
      let pid = 0;
      for await (const chunk of child.output) {
        pid = Number(chunk.toString());
        abort.abort();
      }
      return pid;
    })();
    expect((await failure(reading)).code).toBe('CANCELLED');
    expect((await failure(child.ended)).code).toBe('CANCELLED');
    const other = new BoundedProcess(shell(FAMILY));
    const pid = await firstLine(other);
    await other.close();
    await groupIsGone(pid);
    expect(() => new BoundedProcess(shell('true', { signal: abort.signal }))).toThrow('cancelled');
  });

  it('keeps little of what a program complains, without control characters', async () => {
    const { complaints } = await runBounded(
      shell('printf "\\033[31mred\\033[0m\\r\\n" >&2; head -c 100000 /dev/zero | tr "\\0" x >&2'),
    );
    expect(complaints.startsWith('[31mred[0m\nxx')).toBe(true);
    expect(complaints.length).toBe(8_192);
  });

  it('says that a program is not installed', async () => {
    const error = await failure(runBounded(shell('', { program: 'no-such-program-of-tagward' })));
    expect(error.code).toBe('OPERATION_UNSUPPORTED');
    expect(error.message).toContain('no-such-program-of-tagward');
  });

  it('is not held up by a program that reads no input and leaves', async () => {
    const child = new BoundedProcess(shell('exit 0'));
    const much = Array.from({ length: 64 }, () => 'x'.repeat(65_536));
    await feed(child, much);
    expect((await child.ended).code).toBe(0);
  });
});
