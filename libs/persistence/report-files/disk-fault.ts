import { HygieneError } from '#core';

/** What a disk says, and what a person can do about it. */
const FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space there',
  EDQUOT: 'the disk quota is used up; raise it, or free some space there',
  EFBIG: 'the file is larger than the disk or the process may hold; narrow the report to some targets',
  EROFS: 'the disk is mounted read-only; mount it for writing',
  EACCES: 'the service may not write there; give its user the right to',
  EPERM: 'the service may not write there; give its user the right to',
  EIO: 'the disk is faulty; look at the log of the system',
};

/** A fault of the disk as an error that says where and what to do; anything else as it is. */
export function explainDiskFault(error: unknown, directory: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const fault = FAULTS[code];
  if (fault === undefined || error instanceof HygieneError) return error;
  return new HygieneError(
    'DATA_DIRECTORY_INVALID',
    `The files of the report could not be written to ${directory}: ${fault}, then ask for the report again.`,
    { cause: error },
  );
}
