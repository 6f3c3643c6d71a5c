import { HygieneError } from '#core';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { currentRequestId } from '../http/request-scope.js';
import { toApiFault } from './api-fault.js';
import { graphqlError } from './send-fault.js';
import { withoutValues } from './without-values.js';

/** Apollo's own codes, in the words of the contract. */
const APOLLO_CODES: Readonly<Record<string, string>> = {
  GRAPHQL_PARSE_FAILED: 'BAD_USER_INPUT',
  GRAPHQL_VALIDATION_FAILED: 'BAD_USER_INPUT',
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  BAD_REQUEST: 'BAD_USER_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_USER_INPUT',
  PERSISTED_QUERY_NOT_SUPPORTED: 'UNSUPPORTED',
  /** Clients of persisted queries match on it and send the query's text. */
  PERSISTED_QUERY_NOT_FOUND: 'PERSISTED_QUERY_NOT_FOUND',
};

/**
 * Makes every error of the GraphQL face carry `extensions.code` of the contract, and tells nothing of what broke inside.
 * @param suggestions whether "Did you mean …?" may name parts of the schema
 */
export function graphqlErrorFormatter(logger: Logger, suggestions: boolean) {
  return (formatted: GraphQLFormattedError, raw: unknown): GraphQLFormattedError => {
    const requestId = currentRequestId();
    const place = {
      ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
    };
    const cause = causeOf(raw);
    const code = APOLLO_CODES[String(formatted.extensions?.['code'])];
    if (!(cause instanceof HygieneError) && code !== undefined) {
      const message = isTooDeep(raw)
        ? TOO_DEEP
        : withoutValues(cause instanceof GraphQLError ? cause : formatted);
      return {
        message: suggestions ? message : message.replace(/ ?Did you mean [^?]*\?$/, ''),
        ...place,
        extensions: { code, reason: reasonOf(code), faults: [], requestId },
      };
    }
    const fault = toApiFault(cause, requestId);
    if (fault.unexpected) logger.error({ requestId, err: cause }, 'resolver failed unexpectedly');
    return { ...graphqlError(fault, requestId), ...place };
  };
}

/** What a resolver or the guard threw, without graphql-js's wrapping. */
function causeOf(raw: unknown): unknown {
  const inner = raw instanceof GraphQLError ? raw.originalError : undefined;
  return inner === undefined || inner instanceof GraphQLError ? raw : causeOf(inner);
}

/** The parser calls itself for every level: a query of too many ends its stack. */
const TOO_DEEP = 'The query is nested too deeply.';

function isTooDeep(error: unknown): boolean {
  return error instanceof GraphQLError ? isTooDeep(error.originalError) : error instanceof RangeError;
}

function reasonOf(code: string): string {
  return code === 'BAD_USER_INPUT' ? 'INPUT_INVALID' : code;
}
