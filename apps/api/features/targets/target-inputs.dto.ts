import { ArgsType, Field, ID, InputType } from '@nestjs/graphql';
import type { TargetMode } from '#application';
import type { Platform } from '#core';
import { PlatformEnum, TargetModeEnum } from '../../graphql/enums.js';
import { PageArgs } from '../../graphql/page-args.dto.js';
import { LabelInput } from './label.dto.js';
import {
  DockerTargetInput,
  Ec2TargetInput,
  GitTargetInput,
  RegistryTargetInput,
} from './platform-inputs.dto.js';

const optional = { nullable: true } as const;

@InputType({ isAbstract: true })
class TargetSettings {
  @Field(() => ID, optional)
  credentialId?: string;

  @Field(() => [String], optional)
  rulePacks?: string[];

  @Field(() => [LabelInput], optional)
  labels?: LabelInput[];

  @Field(() => Ec2TargetInput, optional)
  ec2?: Ec2TargetInput;

  @Field(() => GitTargetInput, optional)
  git?: GitTargetInput;

  @Field(() => RegistryTargetInput, optional)
  registry?: RegistryTargetInput;

  @Field(() => DockerTargetInput, optional)
  docker?: DockerTargetInput;
}

@InputType({ description: 'Exactly one of ec2, git, registry, docker.' })
export class CreateTargetInput extends TargetSettings {
  @Field(() => String)
  name!: string;

  @Field(() => TargetModeEnum, { ...optional, defaultValue: 'READ_ONLY' })
  mode?: TargetMode;
}

@InputType()
export class UpdateTargetInput extends TargetSettings {
  @Field(() => String, optional)
  name?: string;

  @Field(() => TargetModeEnum, optional)
  mode?: TargetMode;
}

@ArgsType()
export class TargetsArgs extends PageArgs {
  @Field(() => String, optional)
  search?: string;

  @Field(() => [PlatformEnum], optional)
  platforms?: Platform[];

  @Field(() => [LabelInput], { ...optional, description: 'Labels a target carries: all of them.' })
  labels?: LabelInput[];
}
