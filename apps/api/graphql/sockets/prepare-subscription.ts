import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql';
import { HygieneError } from '#core';
import { measuredOperation } from '../measured-operation.js';
import { enforceLimits, LIMITS } from '../operation-limits.js';

const MAX_ERRORS = 20;

export interface SubscriptionRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/**
 * What is to be executed: a subscription that is valid and within the limits of every operation.
 *
 * @returns the errors otherwise, with the codes that Apollo Server gives its own
 */
export function prepareSubscription(
  schema: GraphQLSchema,
  introspection: boolean,
  { query, operationName, variables }: SubscriptionRequest,
): Omit<ExecutionArgs, 'contextValue'> | readonly GraphQLError[] {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: LIMITS.tokens });
  } catch (error) {
    return [coded(error, 'GRAPHQL_PARSE_FAILED')];
  }
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const faults = validate(schema, document, rules, { maxErrors: MAX_ERRORS });
  if (faults.length > 0) return faults.map((fault) => coded(fault, 'GRAPHQL_VALIDATION_FAILED'));
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined)
    return [coded(new Error('The operation to run is not named, or not there.'), 'BAD_USER_INPUT')];
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION)
    return [refused(new HygieneError('OPERATION_UNSUPPORTED', ONLY_SUBSCRIPTIONS))];
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {});
  if (errors !== undefined) return errors.map((error) => coded(error, 'BAD_USER_INPUT'));
  try {
    enforceLimits(measuredOperation(schema, document, operation, variables));
  } catch (error) {
    return [refused(error)];
  }
  return { schema, document, operationName, variableValues: variables };
}

const ONLY_SUBSCRIPTIONS =
  'Only subscriptions are served over a WebSocket; send queries and mutations by POST.';

function coded(error: unknown, code: string): GraphQLError {
  if (!(error instanceof GraphQLError))
    return new GraphQLError(error instanceof Error ? error.message : 'not valid', {
      originalError: error as Error,
      extensions: { code },
    });
  const { message, nodes, source, positions, originalError } = error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    originalError: originalError ?? null,
    extensions: { code },
  });
}

function refused(error: unknown): GraphQLError {
  return new GraphQLError((error as Error).message, { originalError: error as Error });
}
