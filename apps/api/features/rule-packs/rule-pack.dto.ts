import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { Platform, Severity } from '#core';
import { connectionOf } from '../../graphql/connection.dto.js';
import { FidelityLevelEnum, PlatformEnum, SeverityEnum } from '../../graphql/enums.js';
import { DateTimeScalar } from '../../graphql/scalars.js';

@ObjectType()
export class Rule {
  @Field(() => ID, { description: 'pack/key' })
  id!: string;

  @Field(() => String)
  key!: string;

  @Field(() => String)
  title!: string;

  @Field(() => String)
  kind!: string;

  @Field(() => [PlatformEnum])
  platforms!: readonly Platform[];

  @Field(() => SeverityEnum)
  severity!: Severity;

  @Field(() => Boolean)
  fixable!: boolean;
}

@ObjectType({ description: 'One version of a rule pack; it has an id of its own and is never edited.' })
export class RulePack {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Int)
  version!: number;

  @Field(() => String)
  document!: string;

  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => String)
  createdBy!: string;
}

export const RulePackConnection = connectionOf(() => RulePack, 'RulePack');

@ObjectType()
export class RulePackRef {
  @Field(() => String)
  name!: string;

  @Field(() => Int)
  version!: number;
}

@ObjectType({ description: 'What is wrong with a document, and where. CRITICAL refuses the pack.' })
export class Diagnostic {
  @Field(() => String)
  message!: string;

  @Field(() => Int, { nullable: true })
  line!: number | null;

  @Field(() => Int, { nullable: true })
  column!: number | null;

  @Field(() => String, { nullable: true })
  path!: string | null;

  @Field(() => SeverityEnum)
  severity!: Severity;
}

@ObjectType()
export class Fidelity {
  @Field(() => String)
  path!: string;

  @Field(() => FidelityLevelEnum)
  level!: keyof typeof FidelityLevelEnum;

  @Field(() => String, { nullable: true })
  note!: string | null;
}

@ObjectType()
export class RulePackResult {
  @Field(() => RulePack, {
    nullable: true,
    description: 'null when a diagnostic is CRITICAL: nothing was stored.',
  })
  rulePack!: RulePack | null;

  @Field(() => [Diagnostic])
  diagnostics!: readonly Diagnostic[];

  @Field(() => [Fidelity])
  fidelity!: readonly Fidelity[];
}

@ArgsType()
export class RulePackArgs {
  @Field(() => String)
  name!: string;

  @Field(() => Int, { nullable: true })
  version?: number;
}

@ArgsType()
export class PutRulePackArgs {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  document!: string;

  @Field(() => Int, { nullable: true, description: 'The version it replaces; 0: it must be new.' })
  expectedVersion?: number;
}
