import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Operations, type TagRecord as Tag } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { toConnection } from '../../graphql/to-connection.js';
import { Target } from '../targets/target.dto.js';
import { TagsArgs } from './inventory-inputs.dto.js';
import { Manifest, TagRecord, TagRecordConnection } from './inventory.dto.js';

@Resolver(() => TagRecord)
export class TagsResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => TagRecordConnection)
  async tags(@Context() { viewer }: GraphqlContext, @Args() { filter, ...rest }: TagsArgs) {
    return toConnection(await this.operations.run('tags', viewer, { ...filter, ...rest }), rest.after);
  }

  @ResolveField(() => Target)
  target(@Context() { loaders }: GraphqlContext, @Parent() tag: Tag) {
    return loaders.target.load(tag.targetId);
  }

  @ResolveField(() => Manifest, {
    nullable: true,
    description: 'What the tag points at, where a scan has read it.',
  })
  manifest(@Context() { loaders }: GraphqlContext, @Parent() tag: Tag) {
    return tag.digest === null ? null : loaders.manifest.load(tag.digest);
  }
}
