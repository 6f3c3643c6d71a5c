import type { OutboundGuard } from '#connector-kit';
import type { GitCredential } from '../credentials.js';
import type { PrivateFolder } from '../private-folder.js';
import type { GitRemote } from '../remote-url.js';
import { shellQuoted } from '../transport/shell-quoted.js';
import { prepareSsh } from '../transport/ssh-options.js';

export interface FetchSource {
  readonly remote: GitRemote;
  readonly credential: GitCredential;
  readonly guard: OutboundGuard;
  readonly folder: PrivateFolder;
}

/**
 * What one `git fetch` is told about its remote, by a configuration file of its own (which only this user may read: it holds the
 * credential) and its environment. Neither the command line nor the url carries a secret.
 */
export async function fetchSettings(source: FetchSource): Promise<Readonly<Record<string, string>>> {
  const { remote, folder } = source;
  const lines = [
    '[remote "origin"]',
    `\turl = ${quoted(await fetchUrl(source))}`,
    '\tpromisor = true',
    '\tpartialclonefilter = tree:0',
    '\ttagOpt = --no-tags',
    ...(await httpLines(source)),
    '[transfer]\n\tbundleURI = false\n\tcredentialsInUrl = die',
    '[fetch]\n\tunpackLimit = 1\n\trecurseSubmodules = false',
    '[protocol]\n\tversion = 2',
    '[gc]\n\tauto = 0\n[maintenance]\n\tauto = false',
  ];
  const file = await folder.write('config', `${lines.join('\n')}\n`);
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'include.path',
    GIT_CONFIG_VALUE_0: file,
    GIT_ALLOW_PROTOCOL: remote.scheme,
    ...(remote.scheme === 'git' ? { GIT_OVERRIDE_VIRTUAL_HOST: `${remote.host}:${remote.port}` } : {}),
    ...(await sshEnvironment(source)),
  };
}

/** git resolves names itself: over git:// it is given the checked address instead, and told what to ask for there. */
async function fetchUrl({ remote, guard }: FetchSource): Promise<string> {
  if (remote.scheme !== 'git') return remote.url;
  const { address, family } = await guard.pin(remote.host, remote.port);
  const host = family === 6 ? `[${address}]` : address;
  return `git://${host}:${remote.port}${new URL(remote.url).pathname}`;
}

async function httpLines({ remote, credential, guard }: FetchSource): Promise<readonly string[]> {
  if (remote.scheme !== 'https' && remote.scheme !== 'http') return [];
  const { address } = await guard.pin(remote.host, remote.port);
  const { origin } = new URL(remote.url);
  return [
    '[http]',
    '\tfollowRedirects = false',
    '\tproxy = ""',
    '\temptyAuth = false',
    `\tcurloptResolve = ${quoted(`${remote.host}:${remote.port}:${address}`)}`,
    ...(credential.kind === 'http'
      ? [
          `[http ${quoted(origin)}]`,
          `\textraHeader = ${quoted(`Authorization: ${credential.authorization}`)}`,
        ]
      : []),
    '[credential]\n\thelper = ""',
  ];
}

/** git calls one program with arguments of its own; ours are put before them. */
async function sshEnvironment({
  remote,
  credential,
  guard,
  folder,
}: FetchSource): Promise<Record<string, string>> {
  if (credential.kind !== 'ssh') return {};
  const { options, env } = await prepareSsh(remote, credential.key, guard, folder);
  const call = ['ssh', ...options].map(shellQuoted).join(' ');
  const program = await folder.write('ssh', `#!/bin/sh\nexec ${call} "$@"\n`, { runs: true });
  return { GIT_SSH: program, GIT_SSH_VARIANT: 'ssh', ...env };
}

/** https://git-scm.com/docs/git-config#_syntax: no control character gets this far. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
