import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { Operations } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { CheckTagsInput, ProposedFinding } from './admission.dto.js';

@Resolver()
export class AdmissionResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => [ProposedFinding])
  async checkTags(
    @Context() { viewer }: GraphqlContext,
    @Args('input', { type: () => CheckTagsInput }) input: CheckTagsInput,
  ) {
    return (await this.operations.run('checkTags', viewer, input)).findings;
  }
}
