import { join } from 'node:path';
import { imageManifest, startGitHttpBackend, startRegistrySandbox } from '#testing';
import { writeRepository } from './scale-repository.js';

/**
 * `scale-remote git <folder> <tags>` or `scale-remote registry <repository> <tags>`: makes it and serves it, in a process of its own: its work
 * and memory are in nobody's figures. Says its url once it serves.
 */
const [kind, place = '', tags = ''] = process.argv.slice(2);
console.log(kind === 'git' ? await serveGit(place, Number(tags)) : await serveRegistry(place, Number(tags)));

async function serveGit(root: string, tags: number): Promise<string> {
  await writeRepository(join(root, 'many.git'), tags);
  const { url } = await startGitHttpBackend({ root });
  return `${url}/many.git`;
}

/** Fifty tags to an image. */
async function serveRegistry(repository: string, tags: number): Promise<string> {
  const images = Array.from({ length: Math.ceil(tags / 50) }, (_, n) =>
    imageManifest({
      layers: ['base', `build ${n}`],
      created: new Date(Date.UTC(2025, 0, 1) + n * 3_600_000),
    }),
  );
  const named = Array.from({ length: tags }, (_, n) => [`1.${n}.0`, images[n % images.length]] as const);
  const content = Object.fromEntries(named.flatMap(([name, image]) => (image ? [[name, image]] : [])));
  const { url } = await startRegistrySandbox({ repositories: { [repository]: { tags: content } } });
  return url;
}
