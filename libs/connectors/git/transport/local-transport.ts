import { stat } from 'node:fs/promises';
import { childEnvironment, throwIfCancelled, type ProcessEnd } from '#connector-kit';
import type { HygieneError } from '#core';
import { noRepository, serverFault, unsupported } from '../errors.js';
import type { PrivateFolder } from '../private-folder.js';
import type { GitRemote } from '../remote-url.js';
import { WIRE_LIMITS } from '../wire/wire-limits.js';
import { openProgram } from './program-pack.js';
import { READING, TIMES, type GitTransport, type OpenPack } from './transport.js';

/** `file://`: git's own `upload-pack` on a folder of this machine. Only for operators who opened local targets. */
export class LocalTransport implements GitTransport {
  constructor(
    private readonly remote: GitRemote,
    private readonly folder: () => Promise<PrivateFolder>,
  ) {}

  async open(signal: AbortSignal): Promise<OpenPack> {
    const { remote } = this;
    throwIfCancelled(signal);
    // git calls what is not there somebody else's.
    const there = await stat(remote.path).catch(() => null);
    if (there?.isDirectory() !== true) throw noRepository(remote);
    const { home } = await this.folder();
    const request = {
      program: 'git',
      args: ['upload-pack', '--strict', '--', remote.path],
      env: childEnvironment({
        HOME: home,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_NO_LAZY_FETCH: '1',
        GIT_PROTOCOL: 'version=2',
      }),
      cwd: home,
      what: READING,
      origin: remote.url,
      limits: { ...TIMES, maxBytes: WIRE_LIMITS.maxBytes },
      signal,
    };
    return openProgram(request, remote, (end) => explainLocal(remote, end));
  }

  async close(): Promise<void> {}
}

export function explainLocal(remote: GitRemote, { code, complaints }: ProcessEnd): HygieneError | null {
  if (/dubious ownership/.test(complaints))
    return unsupported(
      remote,
      'its folder belongs to another user than the one Tagward runs as. Change its owner.',
    );
  if (/not a git repository|does not appear|No such file/i.test(complaints)) return noRepository(remote);
  return code === 0 ? null : serverFault(remote, 'git upload-pack failed');
}
