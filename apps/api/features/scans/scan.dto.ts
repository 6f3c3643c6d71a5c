import { Field, ID, InputType, Int, ObjectType, ArgsType } from '@nestjs/graphql';
import type { ScanStatus, ScanTrigger } from '#application';
import { connectionOf } from '../../graphql/connection.dto.js';
import { ScanStatusEnum, ScanTriggerEnum } from '../../graphql/enums.js';
import { PageArgs } from '../../graphql/page-args.dto.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { RulePackRef } from '../rule-packs/rule-pack.dto.js';
import { Count } from './count.dto.js';

@ObjectType()
export class Progress {
  @Field(() => Int)
  done!: number;

  @Field(() => Int, { nullable: true })
  total!: number | null;
}

@ObjectType()
export class FindingCounts {
  @Field(() => Int)
  open!: number;

  @Field(() => Int)
  new!: number;

  @Field(() => Int)
  resolved!: number;

  @Field(() => [Count])
  bySeverity!: readonly Count[];

  @Field(() => [Count])
  byRule!: readonly Count[];
}

@ObjectType({ description: 'A part of the target that was not read; nothing of it counts as gone or clean.' })
export class ScanError {
  @Field(() => String)
  code!: string;

  @Field(() => String)
  message!: string;

  @Field(() => String, { nullable: true })
  scope!: string | null;

  @Field(() => Boolean)
  retryable!: boolean;
}

@ObjectType({ description: 'A rule that could not judge some resources: neither a pass nor a finding.' })
export class NotEvaluated {
  @Field(() => String)
  rulePack!: string;

  @Field(() => String)
  ruleId!: string;

  @Field(() => String)
  needs!: string;

  @Field(() => Int)
  resources!: number;
}

/** `target` is an edge: see the resolver. */
@ObjectType({ description: 'One run of one target against its rule packs.' })
export class Scan {
  @Field(() => ID)
  id!: string;

  @Field(() => ScanStatusEnum)
  status!: ScanStatus;

  @Field(() => ScanTriggerEnum)
  trigger!: ScanTrigger;

  @Field(() => [RulePackRef])
  rulePacks!: readonly RulePackRef[];

  @Field(() => [String], { nullable: true, description: 'What it was limited to; null: the whole target.' })
  scopes!: readonly string[] | null;

  @Field(() => Progress)
  progress!: Progress;

  @Field(() => Int)
  resources!: number;

  @Field(() => Int)
  tags!: number;

  @Field(() => FindingCounts)
  counts!: FindingCounts;

  @Field(() => [NotEvaluated])
  notEvaluated!: readonly NotEvaluated[];

  @Field(() => [ScanError])
  errors!: readonly ScanError[];

  @Field(() => DateTimeScalar)
  queuedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true })
  startedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  finishedAt!: Date | null;
}

export const ScanConnection = connectionOf(() => Scan, 'Scan');

@InputType()
export class StartScanInput {
  @Field(() => ID)
  targetId!: string;

  @Field(() => [String], { nullable: true, description: "Names; none: the target's." })
  rulePacks?: string[];

  @Field(() => [String], { nullable: true })
  resources?: string[];

  @Field(() => String, { nullable: true })
  idempotencyKey?: string;
}

@ArgsType()
export class ScansArgs extends PageArgs {
  @Field(() => ID, { nullable: true })
  targetId?: string;

  @Field(() => ScanStatusEnum, { nullable: true })
  status?: ScanStatus;
}
