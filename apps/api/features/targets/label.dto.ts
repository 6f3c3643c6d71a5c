import { Field, InputType, ObjectType } from '@nestjs/graphql';

@ObjectType()
export class Label {
  @Field(() => String)
  key!: string;

  @Field(() => String)
  value!: string;
}

@InputType()
export class LabelInput {
  @Field(() => String)
  key!: string;

  @Field(() => String)
  value!: string;
}
