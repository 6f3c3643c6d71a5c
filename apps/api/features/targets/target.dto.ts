import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import type { JsonObject, Platform } from '#core';
import type { TargetMode } from '#application';
import { connectionOf } from '../../graphql/connection.dto.js';
import { PlatformEnum, TargetModeEnum } from '../../graphql/enums.js';
import { DateTimeScalar, JsonScalar } from '../../graphql/scalars.js';
import { Label } from './label.dto.js';

@ObjectType({
  description: 'Something the platform can or cannot do here: declared by the connector, or probed.',
})
export class Capability {
  @Field(() => String)
  name!: string;

  @Field(() => Boolean)
  supported!: boolean;

  @Field(() => Boolean)
  declared!: boolean;

  @Field(() => String, { nullable: true })
  detail!: string | null;

  @Field(() => DateTimeScalar, { nullable: true })
  checkedAt!: Date | null;
}

/** `credential` and `lastScan` are edges: see the resolver. */
@ObjectType({
  description: 'One configured place: an AWS account and its regions, a git remote, a registry, an engine.',
})
export class Target {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'Unique.' })
  name!: string;

  @Field(() => PlatformEnum)
  platform!: Platform;

  @Field(() => String, { description: 'Canonical and secret-free.' })
  location!: string;

  @Field(() => JsonScalar, { description: 'What was given, secret-free.' })
  config!: JsonObject;

  @Field(() => [String], { nullable: true, description: 'Names; null: every stored pack.' })
  rulePacks!: readonly string[] | null;

  @Field(() => TargetModeEnum)
  mode!: TargetMode;

  @Field(() => [Label])
  labels!: readonly Label[];

  @Field(() => [Capability])
  capabilities!: readonly Capability[];

  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => Int)
  openFindings!: number;

  @Field(() => Float, { nullable: true, description: '0 to 100; null before the first scan.' })
  hygieneScore!: number | null;
}

export const TargetConnection = connectionOf(() => Target, 'Target');
