/** Where programs are looked for, whatever the PATH of this process says. */
const PROGRAM_FOLDERS = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
  '/opt/homebrew/bin',
];

/**
 * The whole environment of a child process: these names and what is given, nothing of this process's own (which may hold
 * secrets, and switches that make programs run others).
 */
export function childEnvironment(given: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: PROGRAM_FOLDERS.join(':'), LC_ALL: 'C', TZ: 'UTC', ...given };
}
