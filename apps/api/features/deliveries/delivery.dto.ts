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

  @Field(() => String, {
    description:
      'Of a webhook: ACCEPTED, IGNORED, PING, CONFIRMATION or REFUSED; of a notification: QUEUED, DELIVERED or FAILED.',
  })
  status!: string;

  @Field(() => Int)
  attempts!: number;

  @Field(() => Int, { nullable: true, description: 'What the receiver answered last.' })
  responseCode!: number | null;

  @Field(() => String, { nullable: true, description: 'Why nothing came of it, or what is left to do.' })
  error!: string | null;

  @Field(() => [ID], { description: 'The scans that it is about.' })
  scanIds!: readonly string[];
}

export const DeliveryConnection = connectionOf(() => Delivery, 'Delivery');
