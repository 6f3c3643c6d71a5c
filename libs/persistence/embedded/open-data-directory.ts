import { chmod, chown, mkdir, realpath } from 'node:fs/promises';
import { HygieneError } from '#core';
import { explainServerFailure } from './explain-server-failure.js';
import { UNPRIVILEGED_ID } from './server-account.js';

/**
 * The real path of the data directory, which is made when there is none: for its owner alone. What root makes, the account of the embedded database may pass through,
 * but not list: else it needs a capability that reaches further.
 *
 * @throws HygieneError DATA_DIRECTORY_INVALID
 */
export async function openDataDirectory(path: string): Promise<string> {
  return onDataDirectory(path, async () => {
    const made = await mkdir(path, { recursive: true, mode: 0o700 });
    const folder = await realpath(path);
    if (made !== undefined && process.getuid?.() === 0) {
      await chown(folder, 0, UNPRIVILEGED_ID);
      await chmod(folder, 0o710);
    }
    return folder;
  });
}

/** Says what to mend when something in the data directory cannot be made, read or written. */
export async function onDataDirectory<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HygieneError || !(error instanceof Error) || !('code' in error)) throw error;
    const { message } = explainServerFailure(`The data directory ${path} cannot be used`, error.message);
    throw new HygieneError('DATA_DIRECTORY_INVALID', message, { cause: error });
  }
}
