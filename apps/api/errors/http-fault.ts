import { HygieneError, type ErrorCode, type Fault } from '#core';

/** A refusal that only HTTP knows (405, 406, 412…): the code and message are ours, the status is its own. */
export class HttpFault extends HygieneError {
  constructor(
    readonly status: 403 | 404 | 405 | 406 | 409 | 412 | 413 | 415 | 416 | 422,
    code: ErrorCode,
    message: string,
    options: HttpFaultOptions = {},
  ) {
    super(code, message, { faults: options.faults ?? [] });
    this.headers = options.headers ?? {};
    this.members = options.members ?? {};
  }

  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, unknown>>;
}

interface HttpFaultOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly faults?: readonly Fault[];
  /** Further members of the problem document. */
  readonly members?: Readonly<Record<string, unknown>>;
}
