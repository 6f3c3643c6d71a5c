import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Operations } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { PageArgs } from '../../graphql/page-args.dto.js';
import { toConnection } from '../../graphql/to-connection.js';
import {
  CreateCredentialInput,
  Credential,
  CredentialConnection,
  RotateCredentialArgs,
} from './credential.dto.js';

@Resolver(() => Credential)
export class CredentialsResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => CredentialConnection)
  async credentials(@Context() { viewer }: GraphqlContext, @Args() args: PageArgs) {
    return toConnection(await this.operations.run('credentials', viewer, args), args.after);
  }

  @Mutation(() => Credential)
  createCredential(@Context() { viewer }: GraphqlContext, @Args('input') input: CreateCredentialInput) {
    return this.operations.run('createCredential', viewer, { ...input });
  }

  @Mutation(() => Credential)
  rotateCredential(@Context() { viewer }: GraphqlContext, @Args() args: RotateCredentialArgs) {
    return this.operations.run('rotateCredential', viewer, args);
  }

  @Mutation(() => Boolean)
  deleteCredential(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('deleteCredential', viewer, { id });
  }
}
