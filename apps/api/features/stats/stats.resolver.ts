import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { Operations } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { FindingStatsArgs, ScoreHistoryArgs, ScorePoint, Stat } from './stats.dto.js';

@Resolver()
export class StatsResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => [Stat])
  findingStats(@Context() { viewer }: GraphqlContext, @Args() { filter, ...rest }: FindingStatsArgs) {
    return this.operations.run('findingStats', viewer, { ...filter, ...rest });
  }

  @Query(() => [ScorePoint])
  scoreHistory(@Context() { viewer }: GraphqlContext, @Args() args: ScoreHistoryArgs) {
    return this.operations.run('scoreHistory', viewer, args);
  }
}
