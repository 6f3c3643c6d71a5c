import { Context, Query, Resolver } from '@nestjs/graphql';
import { Operations } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { Viewer } from './viewer.dto.js';

@Resolver(() => Viewer)
export class AccountResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => Viewer)
  me(@Context() { viewer }: GraphqlContext) {
    return this.operations.run('me', viewer, {});
  }
}
