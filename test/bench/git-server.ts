import { join } from 'node:path';
import { rebuildRemote, runGit, startGitHttpBackend } from '#testing';

/**
 * `git-server <folder> <name>=<tags>…`: makes repositories with so many tags there and serves them by git http-backend, in a process of its own:
 * its work and memory are in nobody's figures. Says its url once it serves.
 */
const [root = '', ...remotes] = process.argv.slice(2);
for (const remote of remotes) {
  const [name = '', tags = ''] = remote.split('=');
  await makeRemote(join(root, `${name}.git`), Number(tags));
}
const { url } = await startGitHttpBackend({ root });
console.log(url);

/** Half of the tags annotated, five to a commit. */
async function makeRemote(path: string, tags: number): Promise<void> {
  const lines = Array.from({ length: tags }, (_, n) => {
    const commit = `commit-${Math.floor(n / 5)}`;
    const object = n % 2 === 0 ? `commit\t${commit}\t` : `tag\tobject\t${commit}`;
    return `refs/tags/v${Math.floor(n / 100)}.${n % 100}.0\t${object}\t${1_500_000_000 + n * 60}`;
  });
  await rebuildRemote(lines, path);
  await runGit(['-C', path, 'repack', '-a', '-d', '--quiet']);
}
