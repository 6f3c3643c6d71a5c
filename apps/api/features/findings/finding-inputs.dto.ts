import { ArgsType, Field, ID, InputType } from '@nestjs/graphql';
import type { FindingOrder, FindingState } from '#application';
import type { Platform, Severity } from '#core';
import { FindingOrderEnum, FindingStateEnum, PlatformEnum, SeverityEnum } from '../../graphql/enums.js';
import { PageArgs } from '../../graphql/page-args.dto.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { LabelInput } from '../targets/label.dto.js';

const optional = { nullable: true } as const;

@InputType({ description: 'What is absent limits nothing; a list limits to its members.' })
export class FindingFilter {
  @Field(() => [ID], optional)
  targetIds?: string[];

  @Field(() => [PlatformEnum], optional)
  platforms?: Platform[];

  @Field(() => [String], { ...optional, description: '`rule` or `pack/rule`.' })
  ruleIds?: string[];

  @Field(() => [String], optional)
  rulePacks?: string[];

  @Field(() => [SeverityEnum], optional)
  severities?: Severity[];

  @Field(() => [FindingStateEnum], optional)
  states?: FindingState[];

  @Field(() => [LabelInput], { ...optional, description: 'Labels of the target: all of them.' })
  labels?: LabelInput[];

  @Field(() => [String], optional)
  teams?: string[];

  @Field(() => [String], optional)
  resources?: string[];

  @Field(() => [String], optional)
  tags?: string[];

  @Field(() => ID, optional)
  scanId?: string;

  @Field(() => String, {
    ...optional,
    description: 'Part of resource, tag, value or message, whatever its case.',
  })
  search?: string;

  @Field(() => Boolean, optional)
  fixable?: boolean;

  @Field(() => Boolean, optional)
  flapping?: boolean;
}

@ArgsType()
export class FindingsArgs extends PageArgs {
  @Field(() => FindingFilter, optional)
  filter?: FindingFilter;

  @Field(() => FindingOrderEnum, { ...optional, defaultValue: 'SEVERITY_DESC' })
  orderBy?: FindingOrder;
}

@ArgsType()
export class SuppressFindingArgs {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  reason!: string;

  @Field(() => DateTimeScalar, { ...optional, description: 'null: until it is taken back.' })
  until?: string;
}

@ArgsType()
export class SuppressFindingsArgs {
  @Field(() => FindingFilter)
  filter!: FindingFilter;

  @Field(() => String)
  reason!: string;

  @Field(() => DateTimeScalar, optional)
  until?: string;
}
