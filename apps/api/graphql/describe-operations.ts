import { OPERATIONS, type OperationSpec } from '#application';
import type { GraphQLSchema } from 'graphql';

/** Gives each field at the top that says nothing of itself the sentence that its operation has at the REST door. */
export function describeOperations(schema: GraphQLSchema): GraphQLSchema {
  const specs: Readonly<Record<string, Pick<OperationSpec, 'summary'>>> = OPERATIONS;
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {}))
      field.description ??= specs[field.name]?.summary;
  }
  return schema;
}
