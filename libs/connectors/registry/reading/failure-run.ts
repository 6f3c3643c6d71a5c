import { HygieneError, type ErrorCode, type ScanError } from '#core';
import { toScanError } from '../errors.js';

/** Faults that are most likely the whole registry's, not one repository's. */
const WIDE: ReadonlySet<ErrorCode> = new Set([
  'REMOTE_AUTH_FAILED',
  'REMOTE_UNREACHABLE',
  'REMOTE_TIMEOUT',
  'REMOTE_THROTTLED',
  'ADDRESS_REFUSED',
]);
/** So many in a row, and the rest is not asked. */
const ENOUGH = 5;

/**
 * Tells a registry that fails from repositories that do: a wrong password is one fault of the target, not ten thousand of its
 * repositories, each of which would count as a failed log-in.
 */
export class FailureRun {
  private anyRead = false;
  private row = 0;
  private last: HygieneError | null = null;
  private held: ScanError[] = [];

  /** A repository was read. What was held back until it was known that the registry works is to be told. */
  read(): readonly ScanError[] {
    this.anyRead = true;
    this.row = 0;
    return this.release();
  }

  /** @throws the fault itself when nothing can be read at all */
  failed(fault: HygieneError, repository: string): readonly ScanError[] {
    const error = toScanError(fault, repository);
    if (!WIDE.has(fault.code)) return [...this.read(), error];
    this.row += 1;
    this.last = fault;
    if (this.anyRead) return [error];
    this.held.push(error);
    if (this.over) throw fault;
    return [];
  }

  /** The rest is not to be asked any more. */
  get over(): boolean {
    return this.row >= ENOUGH;
  }

  /** At the end: @throws the fault when it was all there was */
  end(): readonly ScanError[] {
    if (!this.anyRead && this.last !== null) throw this.last;
    return this.over && this.last !== null ? [toScanError(this.last, null)] : [];
  }

  private release(): readonly ScanError[] {
    const held = this.held;
    this.held = [];
    return held;
  }
}
