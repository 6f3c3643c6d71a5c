import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PREFIX = 'private-';
/** No job lasts that long: what is older was left behind by a process that was killed. */
const LEFT_BEHIND_MS = 24 * 60 * 60_000;

/** A folder that only this user may enter, for one connector's secrets on their way to a program. */
export class PrivateFolder {
  private readonly written = new Map<string, Promise<string>>();

  private constructor(readonly path: string) {}

  /** @param base made when it is not there */
  static async make(base: string): Promise<PrivateFolder> {
    await mkdir(base, { recursive: true, mode: 0o700 });
    const folder = new PrivateFolder(await mkdtemp(join(base, PREFIX)));
    await mkdir(folder.home);
    return folder;
  }

  /** Removes what killed processes left, as far as that works. */
  static async clean(base: string, now: number): Promise<void> {
    const names = await readdir(base).catch(() => []);
    for (const name of names.filter((one) => one.startsWith(PREFIX))) {
      const { mtimeMs } = await stat(join(base, name)).catch(() => ({ mtimeMs: now }));
      if (now - mtimeMs > LEFT_BEHIND_MS) await rm(join(base, name), { recursive: true, force: true });
    }
  }

  /** Empty, and stays so: where programs stand and look for their user's files. */
  get home(): string {
    return join(this.path, 'home');
  }

  /** Written once: a program may be reading it. @returns the path of a file that only this user may read (or run) */
  async write(name: string, content: string, { runs = false } = {}): Promise<string> {
    const path = join(this.path, name);
    const mode = runs ? 0o700 : 0o600;
    const known = this.written.get(`${name} ${content}`);
    const written = known ?? writeFile(path, content, { mode }).then(() => path);
    this.written.set(`${name} ${content}`, written);
    return written;
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
