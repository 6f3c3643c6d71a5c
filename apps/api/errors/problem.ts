import type { Fault } from '#core';
import type { ApiFault } from './api-fault.js';
import type { ApiErrorCode } from './error-table.js';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** A problem document, https://www.rfc-editor.org/rfc/rfc9457 */
export interface Problem {
  /** `urn:tagward:problem:<reason>`: stable, nothing is served there. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The path that was asked, without its query. */
  readonly instance: string;
  readonly code: ApiErrorCode;
  readonly reason: string;
  readonly faults: readonly Fault[];
  readonly requestId: string;
}

export function problemOf(fault: ApiFault, instance: string, requestId: string): Problem {
  return {
    type: `urn:tagward:problem:${fault.reason}`,
    title: fault.title,
    status: fault.status,
    detail: fault.message,
    instance,
    code: fault.code,
    reason: fault.reason,
    faults: fault.faults,
    requestId,
  };
}
