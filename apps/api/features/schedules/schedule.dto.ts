import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import type { Label as LabelRecord } from '#application';
import { connectionOf } from '../../graphql/connection.dto.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { RulePackRef } from '../rule-packs/rule-pack.dto.js';
import { Label, LabelInput } from '../targets/label.dto.js';

@ObjectType({ description: 'A standing approval of fixes. Not offered by this version: always null.' })
export class StandingRemediation {
  @Field(() => [RulePackRef])
  rulePacks!: readonly RulePackRef[];

  @Field(() => Int)
  markSeconds!: number;

  @Field(() => Int)
  graceSeconds!: number;

  @Field(() => Int)
  maxOperations!: number;

  @Field(() => String)
  approvedBy!: string;
}

@ObjectType({ description: 'Scans, and reports where wanted, at the times of a cron expression.' })
export class Schedule {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'Five fields, or @daily, @weekly…' })
  cron!: string;

  @Field(() => String)
  timezone!: string;

  @Field(() => [ID], { description: 'Empty together with no labels: every target.' })
  targetIds!: readonly string[];

  @Field(() => [Label], { description: 'Of the targets: all of them.' })
  labels!: readonly LabelRecord[];

  @Field(() => Boolean, { description: 'A report is made when the scans have ended.' })
  report!: boolean;

  @Field(() => StandingRemediation, { nullable: true })
  remediation!: StandingRemediation | null;

  @Field(() => Boolean)
  enabled!: boolean;

  @Field(() => DateTimeScalar, { nullable: true })
  nextRunAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  lastRunAt!: Date | null;
}

export const ScheduleConnection = connectionOf(() => Schedule, 'Schedule');

@InputType()
export class StandingRemediationInput {
  @Field(() => [String])
  rulePacks!: string[];

  @Field(() => Int)
  markSeconds!: number;

  @Field(() => Int)
  graceSeconds!: number;

  @Field(() => Int)
  maxOperations!: number;
}

@InputType()
export class UpsertScheduleInput {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  cron!: string;

  @Field(() => String, { nullable: true, defaultValue: 'UTC' })
  timezone?: string;

  @Field(() => [ID], { nullable: true })
  targetIds?: string[];

  @Field(() => [LabelInput], { nullable: true })
  labels?: LabelInput[];

  @Field(() => StandingRemediationInput, { nullable: true })
  remediation?: StandingRemediationInput;

  @Field(() => Boolean, { nullable: true, defaultValue: false })
  report?: boolean;

  @Field(() => Boolean, { nullable: true, defaultValue: true })
  enabled?: boolean;
}
