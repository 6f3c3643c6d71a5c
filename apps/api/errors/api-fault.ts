import { HttpException } from '@nestjs/common';
import { HygieneError, type ErrorCategory, type Fault } from '#core';
import { ERROR_TABLE, type ApiErrorCode } from './error-table.js';
import { HttpFault } from './http-fault.js';

/** An error as it may be shown: both faces render this and nothing else. */
export interface ApiFault {
  readonly status: number;
  readonly code: ApiErrorCode;
  /** Our stable, finer code: `TOKEN_EXPIRED` of UNAUTHENTICATED. */
  readonly reason: string;
  readonly title: string;
  readonly message: string;
  readonly faults: readonly Fault[];
  /** Seconds; null when trying again is no remedy. */
  readonly retryAfter: number | null;
  /** A defect of ours: it is logged with its stack and told without. */
  readonly unexpected: boolean;
}

const DEFAULT_RETRY_SECONDS = 5;

/** @param requestId what a person finds the log line by, when the error is unexpected */
export function toApiFault(error: unknown, requestId: string): ApiFault {
  if (error instanceof HygieneError) return fromHygieneError(error);
  const status = clientErrorStatus(error);
  if (status !== null) return fromFramework(error as Error & { code?: string }, status);
  return {
    ...row('invariant'),
    reason: 'INTERNAL',
    message: `Something went wrong inside Tagward; its log has the details under request ${requestId}.`,
    faults: [],
    retryAfter: null,
    unexpected: true,
  };
}

function fromHygieneError(error: HygieneError): ApiFault {
  const seconds = error.retryAfterMs === null ? DEFAULT_RETRY_SECONDS : Math.ceil(error.retryAfterMs / 1000);
  return {
    ...row(error.category),
    ...(error instanceof HttpFault ? { status: error.status } : {}),
    reason: error.code,
    message: error.message,
    faults: error.faults,
    retryAfter: error.retryable || error.retryAfterMs !== null ? Math.max(1, seconds) : null,
    unexpected: error.category === 'invariant',
  };
}

/** The framework's own refusals: an unknown path, a body too large, a media type that nobody reads. */
const FRAMEWORK: Readonly<Record<number, { category: ErrorCategory; reason: string; message?: string }>> = {
  404: { category: 'not-found', reason: 'NOT_FOUND', message: 'Nothing is served at this address.' },
  413: {
    category: 'limit-exceeded',
    reason: 'LIMIT_EXCEEDED',
    message: 'The body is too large; at most 2 MiB are taken.',
  },
  414: { category: 'limit-exceeded', reason: 'LIMIT_EXCEEDED', message: 'The address is too long.' },
  415: {
    category: 'invalid-input',
    reason: 'INPUT_INVALID',
    message: 'The body has a media type that is not read here; send `Content-Type: application/json`.',
  },
  431: { category: 'limit-exceeded', reason: 'LIMIT_EXCEEDED', message: 'The headers are too large.' },
};

function fromFramework(error: Error & { code?: string }, status: number): ApiFault {
  const known = FRAMEWORK[status];
  return {
    ...row(known?.category ?? 'invalid-input'),
    status,
    reason: known?.reason ?? 'INPUT_INVALID',
    message: known?.message ?? 'The request is not well formed.',
    faults: [],
    retryAfter: null,
    unexpected: false,
  };
}

function clientErrorStatus(error: unknown): number | null {
  if (error instanceof HttpException) return isClientError(error.getStatus());
  if (error instanceof Error && 'statusCode' in error) return isClientError(error.statusCode);
  return null;
}

function isClientError(status: unknown): number | null {
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

function row(category: ErrorCategory) {
  return ERROR_TABLE[category];
}
