import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Operations, type RulePackRecord } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { PageArgs } from '../../graphql/page-args.dto.js';
import { toConnection } from '../../graphql/to-connection.js';
import {
  Diagnostic,
  PutRulePackArgs,
  Rule,
  RulePack,
  RulePackArgs,
  RulePackConnection,
  RulePackResult,
} from './rule-pack.dto.js';
import { rulesOf } from './rules-of.js';

@Resolver(() => RulePack)
export class RulePacksResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => RulePackConnection, { description: 'Latest versions.' })
  async rulePacks(@Context() { viewer }: GraphqlContext, @Args() args: PageArgs) {
    return toConnection(await this.operations.run('rulePacks', viewer, args), args.after);
  }

  @Query(() => RulePack, { nullable: true })
  rulePack(@Context() { viewer }: GraphqlContext, @Args() args: RulePackArgs) {
    return this.operations.run('rulePack', viewer, args);
  }

  @Query(() => [Diagnostic], { description: "Parses, and runs the pack's own tests." })
  validateRulePack(
    @Context() { viewer }: GraphqlContext,
    @Args('document', { type: () => String }) document: string,
  ) {
    return this.operations.run('validateRulePack', viewer, { document });
  }

  @Mutation(() => RulePackResult)
  putRulePack(@Context() { viewer }: GraphqlContext, @Args() args: PutRulePackArgs) {
    return this.operations.run('putRulePack', viewer, args);
  }

  @Mutation(() => Boolean)
  deleteRulePack(@Context() { viewer }: GraphqlContext, @Args('name', { type: () => String }) name: string) {
    return this.operations.run('deleteRulePack', viewer, { name });
  }

  @ResolveField(() => [Rule])
  rules(@Parent() pack: RulePackRecord) {
    return rulesOf(pack);
  }
}
