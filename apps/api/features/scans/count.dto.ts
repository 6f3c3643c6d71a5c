import { Field, Int, ObjectType } from '@nestjs/graphql';

@ObjectType()
export class Count {
  @Field(() => String)
  name!: string;

  @Field(() => Int)
  count!: number;
}
