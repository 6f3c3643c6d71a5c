import { ArgsType, Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { CredentialKind } from '#core';
import { connectionOf } from '../../graphql/connection.dto.js';
import { CredentialKindEnum } from '../../graphql/enums.js';
import { DateTimeScalar, JsonScalar } from '../../graphql/scalars.js';

@ObjectType({ description: 'A stored secret, of which only this can be read.' })
export class Credential {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => CredentialKindEnum)
  kind!: CredentialKind;

  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true })
  rotatedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  lastUsedAt!: Date | null;
}

export const CredentialConnection = connectionOf(() => Credential, 'Credential');

@InputType()
export class CreateCredentialInput {
  @Field(() => String)
  name!: string;

  @Field(() => CredentialKindEnum)
  kind!: CredentialKind;

  @Field(() => JsonScalar, { description: 'An object with the fields of its kind.' })
  secret!: unknown;
}

@ArgsType()
export class RotateCredentialArgs {
  @Field(() => ID)
  id!: string;

  @Field(() => JsonScalar)
  secret!: unknown;
}
