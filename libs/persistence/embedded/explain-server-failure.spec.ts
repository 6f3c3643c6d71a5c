import { expect, it } from 'vitest';
import { explainServerFailure } from './explain-server-failure.js';

it.each([
  [
    'creating files ... FATAL: could not write: No space left on device\nchild exited',
    /free some space.*No space left/,
  ],
  ['PANIC:  could not locate a valid checkpoint record at 0/1', /damaged: restore a backup/],
  ['setpriv: setresuid failed: Operation not permitted', /plain user/],
  ['spawn /x/bin/initdb ENOENT', /npm ci/],
  ['FATAL:  something new', /DATABASE_URL.*FATAL:  something new/],
  ['', /DATABASE_URL to use a PostgreSQL of your own\.$/],
])('mends %j', (said, sentence) => {
  expect(explainServerFailure('The server does not start', said)).toMatchObject({
    code: 'DEPENDENCY_DOWN',
    message: expect.stringMatching(sentence),
  });
});
