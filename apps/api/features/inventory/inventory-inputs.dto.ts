import { ArgsType, Field, ID, InputType } from '@nestjs/graphql';
import type { Platform } from '#core';
import { PlatformEnum } from '../../graphql/enums.js';
import { PageArgs } from '../../graphql/page-args.dto.js';

const optional = { nullable: true } as const;

@InputType()
export class TagFilter {
  @Field(() => [ID], optional)
  targetIds?: string[];

  @Field(() => [PlatformEnum], optional)
  platforms?: Platform[];

  @Field(() => String, optional)
  resource?: string;

  @Field(() => String, optional)
  name?: string;

  @Field(() => String, optional)
  value?: string;

  @Field(() => String, { ...optional, description: 'Names that point there: siblings.' })
  digest?: string;

  @Field(() => String, optional)
  search?: string;
}

@InputType()
export class ResourceFilter {
  @Field(() => [ID], optional)
  targetIds?: string[];

  @Field(() => [PlatformEnum], optional)
  platforms?: Platform[];

  @Field(() => [String], optional)
  resourceTypes?: string[];

  @Field(() => String, optional)
  resource?: string;

  @Field(() => String, optional)
  search?: string;

  @Field(() => Boolean, { ...optional, description: 'Carries at least one tag, or none.' })
  tagged?: boolean;

  @Field(() => Boolean, optional)
  removable?: boolean;
}

@ArgsType()
export class TagsArgs extends PageArgs {
  @Field(() => TagFilter, optional)
  filter?: TagFilter;
}

@ArgsType()
export class ResourcesArgs extends PageArgs {
  @Field(() => ResourceFilter, optional)
  filter?: ResourceFilter;
}
