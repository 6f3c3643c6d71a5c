import type { HygieneError } from '#core';
import { noRepository, serverFault } from '../errors.js';
import type { GitRemote } from '../remote-url.js';

const MISSING =
  /not found|not exist|not exported|does not appear to be a git repository|access denied|no such|not accessible|could not be found|couldn't be found|unable to find/i;
const BUSY = /too many|rate limit|overload|busy|try again/i;

/** An error that a server, or the program that speaks for it, puts in words. The words themselves are not shown. */
export function reportedError(remote: GitRemote, message: string): HygieneError {
  if (BUSY.test(message)) return serverFault(remote, 'the server says that it is busy');
  if (MISSING.test(message)) return noRepository(remote);
  return serverFault(remote, 'the server reports an error');
}
