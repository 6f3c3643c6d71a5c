import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { FindingState } from '#application';
import type { JsonObject, Severity } from '#core';
import { connectionOf } from '../../graphql/connection.dto.js';
import { FindingStateEnum, SeverityEnum } from '../../graphql/enums.js';
import { DateTimeScalar, JsonScalar } from '../../graphql/scalars.js';

@ObjectType()
export class Suppression {
  @Field(() => String)
  reason!: string;

  @Field(() => String)
  by!: string;

  @Field(() => DateTimeScalar)
  at!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'null: until it is taken back.' })
  until!: Date | null;
}

/** `target` is an edge: see the resolver. */
@ObjectType({ description: 'One fault; its id stays the same in every scan until the fault is gone.' })
export class Finding {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true, description: 'Region or repository.' })
  scope!: string | null;

  @Field(() => String)
  ruleId!: string;

  @Field(() => String)
  rulePack!: string;

  @Field(() => SeverityEnum)
  severity!: Severity;

  @Field(() => FindingStateEnum)
  state!: FindingState;

  @Field(() => String)
  resource!: string;

  @Field(() => String, { nullable: true, description: 'The tag key or the ref name at fault.' })
  tag!: string | null;

  @Field(() => String, { nullable: true })
  value!: string | null;

  @Field(() => String)
  message!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What a fix would do, in words; null when not fixable.',
  })
  suggestion!: string | null;

  @Field(() => Boolean)
  fixable!: boolean;

  @Field(() => Boolean, { description: 'Fixable, but not as things stand: a conflict, a protector.' })
  blocked!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'What would put the fault back: an auto-scaling group, a stack…',
  })
  fixAtSource!: string | null;

  @Field(() => Boolean)
  flapping!: boolean;

  @Field(() => Int)
  timesReopened!: number;

  @Field(() => JsonScalar)
  evidence!: JsonObject;

  @Field(() => DateTimeScalar)
  firstSeenAt!: Date;

  @Field(() => DateTimeScalar)
  lastSeenAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true })
  resolvedAt!: Date | null;

  @Field(() => Suppression, { nullable: true })
  suppression!: Suppression | null;
}

export const FindingConnection = connectionOf(() => Finding, 'Finding');
