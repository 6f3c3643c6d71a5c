import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ADMIN_TOKEN } from './service.js';

const MAIN = fileURLToPath(new URL('../../../dist/apps/cli/main.js', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs the built `tagward` command as a CI job would: no terminal, a token in the environment.
 * @param isDeaf whoever reads its output has gone before the first line
 */
export async function tagward(
  args: readonly string[],
  env: Record<string, string> = {},
  { isDeaf = false }: { isDeaf?: boolean } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, TAGWARD_TOKEN: ADMIN_TOKEN, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (isDeaf) child.stdout.destroy();
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}

/** A directory of packs, targets and schedules. */
export class Rules {
  private constructor(readonly path: string) {}

  static async of(files: Readonly<Record<string, string>>): Promise<Rules> {
    const rules = new Rules(await mkdtemp(join(tmpdir(), 'tagward-rules-')));
    for (const [path, text] of Object.entries(files)) await rules.write(path, text);
    return rules;
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.path, path)), { recursive: true });
    await writeFile(join(this.path, path), text);
  }

  async delete(path: string): Promise<void> {
    await rm(join(this.path, path));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true });
  }
}
