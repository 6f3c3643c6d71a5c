import { freePort } from '../bound-process.js';
import { untilListening } from './until-listening.js';
import { startGroup } from './group-process.js';
import { GIT_ENVIRONMENT } from './run-git.js';

export interface GitDaemon {
  /** `git://127.0.0.1:port` */
  readonly url: string;
  close(): Promise<void>;
}

/** Git's own `git daemon` over every repository below `root`. https://git-scm.com/docs/git-daemon */
export async function startGitDaemon({ root }: { readonly root: string }): Promise<GitDaemon> {
  const port = await freePort();
  const where = [
    '--listen=127.0.0.1',
    `--port=${port}`,
    `--base-path=${root}`,
    '--export-all',
    '--reuseaddr',
  ];
  const allow = {
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    GIT_CONFIG_KEY_1: 'uploadpack.allowFilter',
    GIT_CONFIG_VALUE_1: 'true',
  };
  const daemon = startGroup('git', ['daemon', ...where, '--', root], {
    env: { ...GIT_ENVIRONMENT, ...allow },
    stdio: 'ignore',
  });
  await untilListening(port);
  return { url: `git://127.0.0.1:${port}`, close: () => daemon.stop() };
}
