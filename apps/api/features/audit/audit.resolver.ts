import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { Operations } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { toConnection } from '../../graphql/to-connection.js';
import {
  AuditEvent,
  AuditEventConnection,
  AuditEventsArgs,
  AuditVerification,
  VerifyAuditLogArgs,
} from './audit.dto.js';

@Resolver(() => AuditEvent)
export class AuditResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => AuditEventConnection)
  async auditEvents(@Context() { viewer }: GraphqlContext, @Args() args: AuditEventsArgs) {
    return toConnection(await this.operations.run('auditEvents', viewer, args), args.after);
  }

  @Query(() => AuditVerification)
  verifyAuditLog(@Context() { viewer }: GraphqlContext, @Args() args: VerifyAuditLogArgs) {
    return this.operations.run('verifyAuditLog', viewer, args);
  }
}
