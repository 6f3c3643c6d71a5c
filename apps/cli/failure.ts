/** A reason to stop, written for the person at the terminal; shown without a stack. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** Somebody else was there between reading and writing. */
export class Conflict extends Failure {}

/** Something wrong in a file, or a name in it that stands for nothing. */
export interface FileFault {
  /** Relative to the directory, with slashes; null: no file says it. */
  readonly file: string | null;
  /** 1-based; null: the file as a whole. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

/** What was asked for cannot be done, and nothing has been changed. */
export class RefusedFiles extends Error {
  override readonly name = 'RefusedFiles';

  constructor(readonly faults: readonly FileFault[]) {
    super(`${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}; nothing was changed.`);
  }
}
