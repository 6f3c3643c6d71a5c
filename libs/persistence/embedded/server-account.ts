import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** PostgreSQL refuses to run as root. This is `nobody` on Linux: it needs no entry in /etc/passwd. */
export const UNPRIVILEGED_ID = 65534;

/** The account that the server runs as, and how a program is started as it. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
  /** The server's files must be given to the account. */
  readonly differs: boolean;
  /** Puts what a program needs before its name: another account, and an end when this process ends. */
  command(program: string, parameters: readonly string[]): LaunchCommand;
}

export interface LaunchCommand {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** capabilities(7) numbers, the weaker first. */
const SEARCH_CAPABILITIES = [
  ['dac_read_search', 2n],
  ['dac_override', 1n],
] as const;

/**
 * A plain user runs the server as itself. Root runs it as the owner of the cluster, else as an unprivileged id; where folders above `paths` are closed to
 * that id (a home or a temporary folder of mode 0700) the server gets the one capability that lets it pass.
 *
 * @param owner who owns the cluster already; null for a new one
 */
export async function chooseServerAccount(
  paths: readonly string[],
  owner: { readonly uid: number; readonly gid: number } | null,
): Promise<ServerAccount> {
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv', '/usr/sbin/setpriv', '/sbin/setpriv'].find((path) =>
    existsSync(path),
  );
  // The kernel asks the server to stop (fast shutdown) the moment this process is gone, however it went.
  const dieWithParent = '--pdeathsig=INT';
  if (own.uid !== 0 || process.getuid === undefined) {
    return {
      ...own,
      differs: false,
      command: (program, parameters) =>
        setpriv === undefined
          ? { program, parameters }
          : { program: setpriv, parameters: [dieWithParent, program, ...parameters] },
    };
  }
  const account = owner === null || owner.uid === 0 ? { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID } : owner;
  if (setpriv === undefined) {
    return {
      ...account,
      differs: true,
      command: (program, parameters) => ({ program, parameters, ...account }),
    };
  }
  const change = [
    `--reuid=${account.uid}`,
    `--regid=${account.gid}`,
    '--clear-groups',
    ...(await searchCapability(paths, account)),
    dieWithParent,
  ];
  return {
    ...account,
    differs: true,
    command: (program, parameters) => ({ program: setpriv, parameters: [...change, program, ...parameters] }),
  };
}

async function searchCapability(
  paths: readonly string[],
  account: { readonly uid: number; readonly gid: number },
): Promise<readonly string[]> {
  const passable = await Promise.all(paths.map((path) => mayPass(path, account)));
  if (!passable.includes(false)) return [];
  const held = BigInt(
    `0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1] ?? '0'}`,
  );
  const capability = SEARCH_CAPABILITIES.find(([, bit]) => (held >> bit) & 1n);
  if (capability === undefined) return [];
  return [
    '--securebits=+no_setuid_fixup',
    `--inh-caps=+${capability[0]}`,
    `--ambient-caps=+${capability[0]}`,
  ];
}

/** May the account search every folder above `path`? */
async function mayPass(
  path: string,
  account: { readonly uid: number; readonly gid: number },
): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bits = uid === account.uid ? mode >> 6 : gid === account.gid ? mode >> 3 : mode;
    if ((bits & 1) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
