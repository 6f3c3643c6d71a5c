import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Operations, type ScheduleRecord } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { PageArgs } from '../../graphql/page-args.dto.js';
import { toConnection } from '../../graphql/to-connection.js';
import { Schedule, ScheduleConnection, StandingRemediation, UpsertScheduleInput } from './schedule.dto.js';

@Resolver(() => Schedule)
export class SchedulesResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => ScheduleConnection)
  async schedules(@Context() { viewer }: GraphqlContext, @Args() args: PageArgs) {
    return toConnection(await this.operations.run('schedules', viewer, args), args.after);
  }

  @Mutation(() => Schedule)
  upsertSchedule(@Context() { viewer }: GraphqlContext, @Args('input') input: UpsertScheduleInput) {
    return this.operations.run('upsertSchedule', viewer, { ...input });
  }

  @Mutation(() => Boolean)
  deleteSchedule(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('deleteSchedule', viewer, { id });
  }

  @ResolveField(() => [ID])
  targetIds(@Parent() { targetIds }: ScheduleRecord) {
    return targetIds ?? [];
  }

  /** No version of the record holds one yet: fixes are not applied by this version. */
  @ResolveField(() => StandingRemediation, { nullable: true })
  remediation(): null {
    return null;
  }
}
