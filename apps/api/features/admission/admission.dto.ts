import { Field, InputType, ObjectType } from '@nestjs/graphql';
import type { Platform, Severity } from '#core';
import { PlatformEnum, SeverityEnum } from '../../graphql/enums.js';
import { JsonScalar } from '../../graphql/scalars.js';

const optional = { nullable: true } as const;

@InputType()
export class CheckTagsInput {
  @Field(() => PlatformEnum)
  platform!: Platform;

  @Field(() => String, {
    ...optional,
    description: "The target's name, for rules that are limited to some targets.",
  })
  target?: string;

  @Field(() => String)
  resource!: string;

  @Field(() => String, optional)
  resourceType?: string;

  @Field(() => JsonScalar, {
    description:
      'EC2: an object of keys and values. Else a list of names, or of objects with `name` and facts (digest, created…).',
  })
  tags!: unknown;

  @Field(() => [String], { ...optional, description: 'Names; none = every stored pack.' })
  rulePacks?: string[];
}

@ObjectType({ description: 'What a rule would find.' })
export class ProposedFinding {
  @Field(() => String)
  ruleId!: string;

  @Field(() => String)
  rulePack!: string;

  @Field(() => SeverityEnum)
  severity!: Severity;

  @Field(() => String)
  resource!: string;

  @Field(() => String, optional)
  tag!: string | null;

  @Field(() => String)
  message!: string;

  @Field(() => String, optional)
  suggestion!: string | null;
}
