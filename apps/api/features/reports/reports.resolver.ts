import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Operations, type ReportRecord } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { PageArgs } from '../../graphql/page-args.dto.js';
import { toConnection } from '../../graphql/to-connection.js';
import { ReportFileLinks } from './report-file-links.js';
import {
  GenerateReportInput,
  Report,
  ReportConnection,
  ReportFile,
  ReportFileLink,
  SignReportFileArgs,
} from './report.dto.js';

@Resolver(() => Report)
export class ReportsResolver {
  constructor(
    private readonly operations: Operations,
    private readonly links: ReportFileLinks,
  ) {}

  @Query(() => ReportConnection)
  async reports(@Context() { viewer }: GraphqlContext, @Args() args: PageArgs) {
    return toConnection(await this.operations.run('reports', viewer, args), args.after);
  }

  @Query(() => Report, { nullable: true })
  report(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('report', viewer, { id });
  }

  @Mutation(() => Report, { description: 'Made in the background.' })
  generateReport(
    @Context() { viewer }: GraphqlContext,
    @Args('input', { nullable: true }) input?: GenerateReportInput,
  ) {
    return this.operations.run('generateReport', viewer, { ...input });
  }

  @Mutation(() => ReportFileLink)
  async signReportFile(@Context() { viewer }: GraphqlContext, @Args() args: SignReportFileArgs) {
    const { link, expiresAt } = await this.operations.run('signReportFile', viewer, args);
    return { url: this.links.signedUrlOf(link), expiresAt };
  }

  @ResolveField(() => [ReportFile])
  files(@Parent() report: ReportRecord) {
    return this.links.filesOf(report);
  }
}
