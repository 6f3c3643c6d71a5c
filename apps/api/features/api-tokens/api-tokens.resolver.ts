import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Operations } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { toConnection } from '../../graphql/to-connection.js';
import {
  ApiToken,
  ApiTokenConnection,
  ApiTokensArgs,
  CreateApiTokenInput,
  CreatedApiToken,
} from './api-token.dto.js';

@Resolver(() => ApiToken)
export class ApiTokensResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => ApiTokenConnection)
  async apiTokens(@Context() { viewer }: GraphqlContext, @Args() args: ApiTokensArgs) {
    return toConnection(await this.operations.run('apiTokens', viewer, args), args.after);
  }

  @Mutation(() => CreatedApiToken)
  createApiToken(@Context() { viewer }: GraphqlContext, @Args('input') input: CreateApiTokenInput) {
    return this.operations.run('createApiToken', viewer, { ...input });
  }

  @Mutation(() => Boolean)
  revokeApiToken(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('revokeApiToken', viewer, { id });
  }
}
