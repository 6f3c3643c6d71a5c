import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Operations, type ResourceRecord as Resource } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { toConnection } from '../../graphql/to-connection.js';
import { Target } from '../targets/target.dto.js';
import { ResourcesArgs } from './inventory-inputs.dto.js';
import { ResourceConnection, ResourceRecord, TagRecord } from './inventory.dto.js';
import { UNKNOWN_FACTS } from './resource-facts.js';

@Resolver(() => ResourceRecord)
export class ResourcesResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => ResourceConnection)
  async resources(@Context() { viewer }: GraphqlContext, @Args() { filter, ...rest }: ResourcesArgs) {
    const page = await this.operations.run('resources', viewer, { ...filter, ...rest });
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: { ...UNKNOWN_FACTS, ...node } }));
    return toConnection({ ...page, edges, totalCount: () => page.totalCount() }, rest.after);
  }

  @ResolveField(() => Target)
  target(@Context() { loaders }: GraphqlContext, @Parent() resource: Resource) {
    return loaders.target.load(resource.targetId);
  }

  @ResolveField(() => [TagRecord])
  tags(@Context() { loaders }: GraphqlContext, @Parent() resource: Resource) {
    return loaders.tagsOfResource.load(resource.id);
  }

  @ResolveField(() => [String], {
    description: 'Where its tags point: each digest once, in their order, the first 200.',
  })
  digests(@Context() { loaders }: GraphqlContext, @Parent() resource: Resource) {
    return loaders.digestsOfResource.load(resource.id);
  }
}
