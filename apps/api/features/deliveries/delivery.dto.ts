import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { connectionOf } from '../../graphql/connection.dto.js';
import { DateTimeScalar } from '../../graphql/scalars.js';

@ObjectType({ description: 'One line of a delivery log.' })
export class Delivery {
  @Field(() => ID)
  id!: string;

  @Field(() => DateTimeScalar)
  at!: Date;

  @Field(() => String)
  event!: string;

  @Field(() => String)
  status!: string;

  @Field(() => Int)
  attempts!: number;

  @Field(() => Int, { nullable: true, description: 'What the other side answered last.' })
  responseCode!: number | null;

  @Field(() => String, { nullable: true })
  error!: string | null;

  @Field(() => [ID])
  scanIds!: readonly string[];
}

export const DeliveryConnection = connectionOf(() => Delivery, 'Delivery');
