import { ArgsType, Field, Float, ObjectType } from '@nestjs/graphql';
import type { JsonObject } from '#core';
import { connectionOf } from '../../graphql/connection.dto.js';
import { PageArgs } from '../../graphql/page-args.dto.js';
import { DateTimeScalar, JsonScalar } from '../../graphql/scalars.js';

@ObjectType({ description: 'One link of the append-only, hash-chained log.' })
export class AuditEvent {
  @Field(() => Float)
  sequence!: number;

  @Field(() => DateTimeScalar)
  at!: Date;

  @Field(() => String)
  actor!: string;

  @Field(() => String)
  action!: string;

  @Field(() => String)
  subject!: string;

  @Field(() => JsonScalar)
  details!: JsonObject;

  @Field(() => String)
  hash!: string;

  @Field(() => String)
  previousHash!: string;
}

export const AuditEventConnection = connectionOf(() => AuditEvent, 'AuditEvent');

@ObjectType()
export class AuditVerification {
  @Field(() => Boolean)
  ok!: boolean;

  @Field(() => Float)
  events!: number;

  @Field(() => Float, { nullable: true, description: 'The first sequence that is wrong or missing.' })
  brokenAt!: number | null;

  @Field(() => String)
  head!: string;
}

@ArgsType()
export class AuditEventsArgs extends PageArgs {
  @Field(() => String, { nullable: true })
  subject?: string;
}

@ArgsType()
export class VerifyAuditLogArgs {
  @Field(() => Float, { nullable: true })
  expectedSequence?: number;

  @Field(() => String, { nullable: true })
  expectedHead?: string;
}
