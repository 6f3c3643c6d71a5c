import { Args, Context, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Operations, type FindingRecord } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { toConnection } from '../../graphql/to-connection.js';
import { Target } from '../targets/target.dto.js';
import { FindingsArgs, SuppressFindingArgs, SuppressFindingsArgs } from './finding-inputs.dto.js';
import { Finding, FindingConnection } from './finding.dto.js';

@Resolver(() => Finding)
export class FindingsResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => FindingConnection)
  async findings(@Context() { viewer }: GraphqlContext, @Args() { filter, ...rest }: FindingsArgs) {
    return toConnection(await this.operations.run('findings', viewer, { ...filter, ...rest }), rest.after);
  }

  @Query(() => Finding, { nullable: true })
  finding(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('finding', viewer, { id });
  }

  @Mutation(() => Finding)
  suppressFinding(@Context() { viewer }: GraphqlContext, @Args() args: SuppressFindingArgs) {
    return this.operations.run('suppressFinding', viewer, args);
  }

  @Mutation(() => Int, { description: 'How many.' })
  suppressFindings(@Context() { viewer }: GraphqlContext, @Args() args: SuppressFindingsArgs) {
    return this.operations.run('suppressFindings', viewer, args);
  }

  @Mutation(() => Finding)
  unsuppressFinding(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('unsuppressFinding', viewer, { id });
  }

  @ResolveField(() => Target)
  target(@Context() { loaders }: GraphqlContext, @Parent() finding: FindingRecord) {
    return loaders.target.load(finding.targetId);
  }
}
