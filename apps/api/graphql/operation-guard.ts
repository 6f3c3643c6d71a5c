import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, Kind, type FragmentDefinitionNode } from 'graphql';
import type { GraphqlContext } from './graphql-context.js';
import { enforceLimits } from './operation-limits.js';

/** Refuses operations that ask for too much, after validation and before the first resolver; notes the name for the log. */
export function operationGuard(): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          if (operation === undefined) return;
          contextValue.req.graphqlOperation = operation.name?.value.slice(0, 100) ?? null;
          const fragments = document.definitions.filter(
            (definition): definition is FragmentDefinitionNode =>
              definition.kind === Kind.FRAGMENT_DEFINITION,
          );
          const measured = {
            schema,
            operation,
            fragments: new Map(fragments.map((fragment) => [fragment.name.value, fragment])),
            variables: request.variables ?? {},
          };
          try {
            enforceLimits(measured);
          } catch (error) {
            throw asRequestError(error);
          }
        },
      };
    },
  };
}

/** Refused as a whole, before execution: https://graphql.github.io/graphql-over-http/draft/ asks for 400. */
function asRequestError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return new GraphQLError(error.message, { originalError: error, extensions: { http: { status: 400 } } });
}
