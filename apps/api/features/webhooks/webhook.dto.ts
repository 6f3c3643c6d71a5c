import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import type { WebhookKind, WebhookRecord } from '#application';
import { connectionOf } from '../../graphql/connection.dto.js';
import { WebhookKindEnum } from '../../graphql/enums.js';
import { PageArgs } from '../../graphql/page-args.dto.js';
import { DateTimeScalar } from '../../graphql/scalars.js';

const optional = { nullable: true } as const;

/** `url` and `deliveries` have resolvers. */
@ObjectType({ description: 'An address that a forge, a registry or a cloud delivers its events to.' })
export class Webhook {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => WebhookKindEnum)
  kind!: WebhookKind;

  @Field(() => [ID])
  targetIds!: readonly string[];

  @Field(() => String, { nullable: true, description: 'SNS: the one topic that is listened to.' })
  topicArn!: string | null;

  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => DateTimeScalar, optional)
  lastDeliveryAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until then the secret before the last rotation is taken, too.',
  })
  previousSecretUntil!: Date | null;

  @Field(() => Int, { description: 'Deliveries without a good signature; they are in no log.' })
  refusedDeliveries!: number;
}

export const WebhookConnection = connectionOf(() => Webhook, 'Webhook');

@ObjectType({
  description: 'A webhook with its secret, which is shown this once; SNS has none: it is empty.',
})
export class CreatedWebhook {
  @Field(() => Webhook)
  webhook!: WebhookRecord;

  @Field(() => String)
  secret!: string;
}

@InputType()
export class CreateWebhookInput {
  @Field(() => String)
  name!: string;

  @Field(() => WebhookKindEnum)
  kind!: WebhookKind;

  @Field(() => [ID])
  targetIds!: string[];

  @Field(() => String, { nullable: true, description: 'Of 24 to 64 bytes; left out, one is made.' })
  secret?: string;

  @Field(() => String, { nullable: true, description: 'For SNS, and only there.' })
  topicArn?: string;
}

@ArgsType()
export class WebhookDeliveriesArgs extends PageArgs {
  @Field(() => ID, { description: 'Of the webhook.' })
  id!: string;
}
