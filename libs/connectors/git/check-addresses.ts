import type { OutboundGuard } from '#connector-kit';
import { remoteOf, type GitConfig } from './config.js';
import type { GitRemote } from './remote-url.js';

/**
 * Refuses what a git target may not reach: private addresses, what is not encrypted unless the operator opened it, this machine's
 * own folders. Opens no connection. @throws HygieneError ADDRESS_REFUSED
 */
export async function checkGitAddresses(
  config: Pick<GitConfig, 'url' | 'forgeUrl'>,
  guard: OutboundGuard,
): Promise<void> {
  await checkRemote(remoteOf(config), guard);
  if (config.forgeUrl !== undefined) await guard.check(config.forgeUrl);
}

async function checkRemote({ scheme, host, port }: GitRemote, guard: OutboundGuard): Promise<void> {
  if (scheme === 'file') return guard.checkLocal('file://');
  if (scheme === 'git' || scheme === 'http') await guard.checkUnencrypted(`${scheme}:`, host, port);
  // The guard speaks of http addresses; which of them a host and a port is reached at does not matter to it.
  await guard.check(`https://${host.includes(':') ? `[${host}]` : host}:${port}/`);
}
