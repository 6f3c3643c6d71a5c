import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Operations, type ScanRecord } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { toConnection } from '../../graphql/to-connection.js';
import { Target } from '../targets/target.dto.js';
import { Scan, ScanConnection, ScansArgs, StartScanInput } from './scan.dto.js';

@Resolver(() => Scan)
export class ScansResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => ScanConnection)
  async scans(@Context() { viewer }: GraphqlContext, @Args() args: ScansArgs) {
    return toConnection(await this.operations.run('scans', viewer, args), args.after);
  }

  @Query(() => Scan, { nullable: true })
  scan(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('scan', viewer, { id });
  }

  @Mutation(() => Scan, { description: 'When one is queued already: that one.' })
  startScan(@Context() { viewer }: GraphqlContext, @Args('input') input: StartScanInput) {
    return this.operations.run('startScan', viewer, { ...input });
  }

  @Mutation(() => Scan)
  cancelScan(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('cancelScan', viewer, { id });
  }

  @ResolveField(() => Target)
  target(@Context() { loaders }: GraphqlContext, @Parent() scan: ScanRecord) {
    return loaders.target.load(scan.targetId);
  }
}
