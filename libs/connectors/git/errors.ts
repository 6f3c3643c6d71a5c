import { HygieneError, type ErrorCode, type ScanError } from '#core';
import type { GitRemote } from './remote-url.js';

/** The server refuses the credential, or asks for one. */
export function authFailed(remote: GitRemote, hasCredential: boolean): HygieneError {
  const mend = hasCredential
    ? 'it refuses the credential. Check that it is right, not expired, and may read the repository; then rotate it.'
    : 'it asks for a credential. Give the target one; if the repository is public, check the spelling of the url.';
  return new HygieneError('REMOTE_AUTH_FAILED', `${remote.url} was not read: ${mend}`);
}

export function forbidden(remote: GitRemote): HygieneError {
  return new HygieneError(
    'REMOTE_FORBIDDEN',
    `${remote.url} was not read: the server forbids it without a credential. Give the target one that may read the repository.`,
  );
}

export function noRepository(remote: GitRemote): HygieneError {
  return new HygieneError(
    'REMOTE_FORBIDDEN',
    `There is no repository at ${remote.url}, or the credential may not see it. Check the spelling of the url, and what the credential may read.`,
  );
}

/** Names the host and nothing else: a changed key may be an attack. */
export function hostKeyRefused(remote: GitRemote): HygieneError {
  return new HygieneError(
    'REMOTE_AUTH_FAILED',
    `The host key of ${remote.host} is not one that the credential's knownHosts pins for it. Nothing was sent. If the server's key was changed on purpose, check the new one and replace knownHosts.`,
  );
}

export function unreachable(remote: GitRemote, why: string): HygieneError {
  return new HygieneError(
    'REMOTE_UNREACHABLE',
    `Could not reach ${remote.url} (${why}). Check the address, DNS and the firewalls between Tagward and it.`,
  );
}

export function serverFault(remote: GitRemote, why: string): HygieneError {
  return new HygieneError(
    'REMOTE_FAULT',
    `${remote.url} was not read: ${why}. Try again later; if it stays, look into the server's log.`,
  );
}

/** What came is no git, or none that Tagward reads. */
export function invalidReply(place: string, why: string): HygieneError {
  return new HygieneError(
    'REMOTE_REPLY_INVALID',
    `The reply of ${place} was not understood: ${why}. Check that a git server answers at that address.`,
  );
}

export function tooMuch(place: string, what: string): HygieneError {
  return new HygieneError(
    'REMOTE_REPLY_INVALID',
    `${place} lists ${what}; reading stopped. Check what answers at that address.`,
  );
}

export function unsupported(remote: GitRemote, why: string): HygieneError {
  return new HygieneError('OPERATION_UNSUPPORTED', `${remote.url} cannot be read: ${why}`);
}

/** Something of a repository that stays unknown while its tags were read. */
export function partialFault(scope: string, code: ErrorCode, message: string, retryable = false): ScanError {
  return { code, message, scope, retryable };
}
