import { ArgsType, Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { Scope } from '#application';
import { connectionOf } from '../../graphql/connection.dto.js';
import { ScopeEnum } from '../../graphql/enums.js';
import { PageArgs } from '../../graphql/page-args.dto.js';
import { DateTimeScalar } from '../../graphql/scalars.js';

@ObjectType()
export class ApiToken {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'The first characters of the token, to recognise it by.' })
  prefix!: string;

  @Field(() => [ScopeEnum])
  scopes!: readonly Scope[];

  @Field(() => [ID], { nullable: true, description: 'null: all targets.' })
  targetIds!: readonly string[] | null;

  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true })
  expiresAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  lastUsedAt!: Date | null;
}

export const ApiTokenConnection = connectionOf(() => ApiToken, 'ApiToken');

@ArgsType()
export class ApiTokensArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description: 'A part of the name, or of the first characters of the token.',
  })
  search?: string;
}

@ObjectType({ description: 'A new token with its text, which is shown this once.' })
export class CreatedApiToken {
  @Field(() => ApiToken)
  apiToken!: ApiToken;

  @Field(() => String)
  token!: string;
}

@InputType()
export class CreateApiTokenInput {
  @Field(() => String)
  name!: string;

  @Field(() => [ScopeEnum])
  scopes!: Scope[];

  @Field(() => [ID], { nullable: true })
  targetIds?: string[];

  @Field(() => DateTimeScalar, { nullable: true })
  expiresAt?: string;
}
