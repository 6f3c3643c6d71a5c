import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The password of registries in tests; its hash is known, so that nothing has to be installed to make one. */
export const REGISTRY_TEST_PASSWORD = 'only-for-registries-in-tests';
const TEST_HASH = '$2y$05$YZH1shO5xnf1hbleI4vjMeRv4h6ou/gTaAFFs0l9rfPkPXZirThQe';

/** A line of a password file that docker-registry reads: bcrypt, and nothing else. https://distribution.github.io/distribution/about/configuration/#htpasswd */
export async function htpasswdLine(username: string, password: string): Promise<string> {
  if (password === REGISTRY_TEST_PASSWORD) return `${username}:${TEST_HASH}\n`;
  try {
    const { stdout } = await promisify(execFile)('htpasswd', ['-Bbn', username, password]);
    return `${stdout.trim()}\n`;
  } catch (error) {
    const how = 'take REGISTRY_TEST_PASSWORD, or apt-get install apache2-utils';
    throw new Error(`There is no htpasswd to hash another password than the one of the tests: ${how}`, {
      cause: error,
    });
  }
}
