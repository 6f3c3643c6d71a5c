import { ArgsType, Field, Int } from '@nestjs/graphql';

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, defaultValue: 50, description: '1 to 200 rows.' })
  first?: number;

  @Field(() => String, { nullable: true, description: 'The cursor of the last row that was seen.' })
  after?: string;
}
