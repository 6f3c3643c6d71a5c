import { Field, ObjectType } from '@nestjs/graphql';
import type { AuthSource, Scope } from '#application';
import { AuthSourceEnum, ScopeEnum } from '../../graphql/enums.js';

@ObjectType({ description: 'Who asks.' })
export class Viewer {
  @Field(() => String)
  subject!: string;

  @Field(() => AuthSourceEnum)
  source!: AuthSource;

  @Field(() => [ScopeEnum])
  scopes!: readonly Scope[];
}
