import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from './config-error.js';
import type { Config } from './config.js';
import { VARIABLES } from './variables.js';

const OTHERS = 0o077;

/** The key that encrypts credentials: the operator's, else the one kept in the data directory, made at the first start. */
export async function loadSecretKey(config: Config): Promise<Uint8Array> {
  if (config.secretKey !== null) return config.secretKey;
  const path = join(config.dataDir, 'secret.key');
  const { text } = await keep(path, () => randomBytes(32).toString('base64'));
  const parsed = VARIABLES.TAGWARD_SECRET_KEY.schema.safeParse(text);
  if (parsed.success) return parsed.data;
  const message =
    'does not hold 32 bytes in base64; restore it from a backup: stored credentials open with no other key';
  throw new ConfigError([{ path, message }]);
}

/** The bootstrap token: the operator's, else the one kept in the data directory. `isNew` says that this start made it. */
export async function loadAdminToken(config: Config): Promise<KeptSecret> {
  if (config.adminToken !== null) return { text: config.adminToken, isNew: false };
  return keep(join(config.dataDir, 'admin.token'), () => `twd_${randomBytes(32).toString('base64url')}`);
}

export interface KeptSecret {
  readonly text: string;
  readonly isNew: boolean;
}

/** What the file holds; made, for the owner's eyes only, when there is none. @throws ConfigError when others can read it */
async function keep(path: string, make: () => string): Promise<KeptSecret> {
  await mkdir(dirname(path), { recursive: true });
  const made = make();
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, `${made}\n`, { mode: 0o600, flush: true });
    // A link appears whole or not at all, and only once: of two first starts one wins.
    await link(draft, path);
    return { text: made, isNew: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const { mode } = await stat(path);
  if ((mode & OTHERS) !== 0)
    throw new ConfigError([{ path, message: `can be read by others; run: chmod 600 ${path}` }]);
  return { text: (await readFile(path, 'utf8')).trim(), isNew: false };
}
