import type { JsonObject } from '../model/json.js';
import type { ErrorCategory } from './categories.js';
import { ERROR_CODES, type ErrorCode } from './codes.js';

/** One thing that is wrong with an input: where, what was expected, how to mend it. */
export interface Fault {
  /** Dotted path into the input: `input.ec2.regions.0`. */
  readonly path: string;
  readonly message: string;
}

export interface HygieneErrorOptions {
  readonly cause?: unknown;
  /** JSON that may be shown to the caller and logged: never a secret, never a remote body. */
  readonly details?: JsonObject;
  readonly faults?: readonly Fault[];
  /** Milliseconds after which trying again makes sense. */
  readonly retryAfterMs?: number;
}

/** The one error of Tagward. The message is written for the person who has to mend it. */
export class HygieneError extends Error {
  override readonly name = 'HygieneError';
  readonly category: ErrorCategory;
  readonly details: JsonObject;
  readonly faults: readonly Fault[];
  readonly retryAfterMs: number | null;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: HygieneErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.category = ERROR_CODES[code];
    this.details = options.details ?? {};
    this.faults = options.faults ?? [];
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  /** Would the same call possibly succeed later, with nothing changed by a person? */
  get retryable(): boolean {
    return this.category === 'rate-limited' || this.category === 'unavailable';
  }
}

export function notFound(noun: string, id: string): HygieneError {
  return new HygieneError('NOT_FOUND', `There is no ${noun} ${JSON.stringify(id)}.`);
}
