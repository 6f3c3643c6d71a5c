import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

export interface SshKeyPair {
  readonly path: string;
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA…` */
  readonly publicKey: string;
}

const PROGRAM = 'ssh-keygen';

/** A new ed25519 key, made by ssh-keygen at that path. */
export async function makeSshKey(path: string, passphrase = ''): Promise<SshKeyPair> {
  const args = ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'tests', '-f', path];
  const child = spawn(PROGRAM, args, { stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`ssh-keygen ended with ${code}.`);
  const [privateKey, publicKey] = await Promise.all([
    readFile(path, 'utf8'),
    readFile(`${path}.pub`, 'utf8'),
  ]);
  return { path, privateKey, publicKey: publicKey.split(' ').slice(0, 2).join(' ') };
}
