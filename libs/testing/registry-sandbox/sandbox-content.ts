import type { Manifest, RepositoryContent } from '../registry-content/index.js';
import { SandboxRepository } from './sandbox-repository.js';

/** Everything that the registry holds; a test changes it between two scans. */
export class SandboxContent {
  private readonly byName: Map<string, SandboxRepository>;

  constructor(repositories: Readonly<Record<string, RepositoryContent>>) {
    this.byName = new Map(
      Object.entries(repositories).map(([name, content]) => [name, new SandboxRepository(content)]),
    );
  }

  /** Sorted by their bytes, as the catalog lists them. */
  get names(): readonly string[] {
    return [...this.byName.keys()].sort();
  }

  find(repository: string): SandboxRepository | null {
    return this.byName.get(repository) ?? null;
  }

  findOrMake(repository: string): SandboxRepository {
    const known = this.byName.get(repository) ?? new SandboxRepository(null);
    this.byName.set(repository, known);
    return known;
  }

  /** Points a tag at this, whether or not the tag was there; null as tag: the manifest alone. */
  put(repository: string, tag: string | null, manifest: Manifest): void {
    this.findOrMake(repository).put(manifest, tag);
  }

  /** Points a tag that is there at what another one points at. */
  move(repository: string, tag: string, to: string): void {
    const found = this.find(repository);
    const manifest = found?.tagged(to) ?? null;
    if (found === null || found.tagged(tag) === null || manifest === null)
      throw new Error(`The sandbox has no ${repository}:${tag}, or no tag ${to} beside it.`);
    found.put(manifest, tag);
  }

  /** The tag only; what it pointed at stays. */
  remove(repository: string, tag: string): void {
    if (this.find(repository)?.removeTag(tag) !== true)
      throw new Error(`The sandbox has no ${repository}:${tag}.`);
  }

  removeRepository(repository: string): void {
    if (!this.byName.delete(repository)) throw new Error(`The sandbox has no ${repository}.`);
  }
}
