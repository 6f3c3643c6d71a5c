import type { ApolloServerPlugin } from '@apollo/server';
import { HygieneError } from '#core';
import { GraphQLError, OperationTypeNode } from 'graphql';
import type { HttpGraphqlContext } from './graphql-context.js';
import { measuredOperation } from './measured-operation.js';
import { enforceLimits } from './operation-limits.js';

/** Refuses operations that ask for too much, after validation and before the first resolver; notes the name for the log. */
export function operationGuard(): ApolloServerPlugin<HttpGraphqlContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          if (operation === undefined) return;
          contextValue.req.graphqlOperation = operation.name?.value.slice(0, 100) ?? null;
          try {
            if (operation.operation === OperationTypeNode.SUBSCRIPTION)
              throw new HygieneError('OPERATION_UNSUPPORTED', BY_SOCKET);
            enforceLimits(measuredOperation(schema, document, operation, request.variables));
          } catch (error) {
            throw asRequestError(error);
          }
        },
      };
    },
  };
}

const BY_SOCKET =
  'Subscriptions are served over a WebSocket at this address, by the protocol graphql-transport-ws.';

/** Refused as a whole, before execution: https://graphql.github.io/graphql-over-http/draft/ asks for 400. */
function asRequestError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return new GraphQLError(error.message, { originalError: error, extensions: { http: { status: 400 } } });
}
