import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Operations, type TargetRecord } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { toConnection } from '../../graphql/to-connection.js';
import { Credential } from '../credentials/credential.dto.js';
import { Scan } from '../scans/scan.dto.js';
import { CreateTargetInput, TargetsArgs, UpdateTargetInput } from './target-inputs.dto.js';
import { Target, TargetConnection } from './target.dto.js';

@Resolver(() => Target)
export class TargetsResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => TargetConnection)
  async targets(@Context() { viewer }: GraphqlContext, @Args() args: TargetsArgs) {
    return toConnection(await this.operations.run('targets', viewer, args), args.after);
  }

  @Query(() => Target, { nullable: true })
  target(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('target', viewer, { id });
  }

  @Mutation(() => Target)
  createTarget(@Context() { viewer }: GraphqlContext, @Args('input') input: CreateTargetInput) {
    return this.operations.run('createTarget', viewer, { ...input });
  }

  @Mutation(() => Target)
  updateTarget(
    @Context() { viewer }: GraphqlContext,
    @Args('id', { type: () => ID }) id: string,
    @Args('input') input: UpdateTargetInput,
  ) {
    return this.operations.run('updateTarget', viewer, { ...input, id });
  }

  @Mutation(() => Target, { description: 'Reaches it, and renews its capabilities.' })
  probeTarget(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('probeTarget', viewer, { id });
  }

  @Mutation(() => Boolean)
  deleteTarget(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('deleteTarget', viewer, { id });
  }

  @ResolveField(() => Credential, {
    nullable: true,
    description: 'null, too, for a token that may not list credentials.',
  })
  credential(@Context() { viewer, loaders }: GraphqlContext, @Parent() target: TargetRecord) {
    if (target.credentialId === null || !this.operations.permits('credentials', viewer)) return null;
    return loaders.credential.load(target.credentialId);
  }

  @ResolveField(() => Scan, { nullable: true })
  lastScan(@Context() { loaders }: GraphqlContext, @Parent() target: TargetRecord) {
    return loaders.lastScan.load(target.id);
  }
}
