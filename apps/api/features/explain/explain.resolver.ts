import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { Operations } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { ExplainTagArgs, TagExplanation } from './explanation.dto.js';

@Resolver()
export class ExplainResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => TagExplanation)
  explainTag(@Context() { viewer }: GraphqlContext, @Args() args: ExplainTagArgs) {
    return this.operations.run('explainTag', viewer, args);
  }
}
