import { ArgsType, Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { ChannelKind, NotificationEvent } from '#application';
import { ChannelKindEnum, NotificationEventEnum } from '../../graphql/enums.js';
import { PageArgs } from '../../graphql/page-args.dto.js';
import { DateTimeScalar } from '../../graphql/scalars.js';

/** `deliveries` has a resolver. */
@ObjectType({ description: 'Where notifications go.' })
export class NotificationChannel {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => ChannelKindEnum)
  kind!: ChannelKind;

  @Field(() => [NotificationEventEnum])
  events!: readonly NotificationEvent[];

  @Field(() => Boolean)
  enabled!: boolean;

  @Field(() => String, {
    description: 'The mailbox, or where the URL leads without its path: that is secret.',
  })
  address!: string;

  @Field(() => DateTimeScalar)
  createdAt!: Date;
}

@InputType({ description: 'A channel of this name is changed.' })
export class NotificationChannelInput {
  @Field(() => String)
  name!: string;

  @Field(() => ChannelKindEnum)
  kind!: ChannelKind;

  @Field(() => [NotificationEventEnum])
  events!: NotificationEvent[];

  @Field(() => Boolean, { nullable: true, defaultValue: true })
  enabled?: boolean;

  @Field(() => String, { description: 'URL or mailbox.' })
  address!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Of a WEBHOOK only: `whsec_…` or text, 24 to 64 bytes; left out, the one it has stays.',
  })
  secret?: string;
}

@ArgsType()
export class NotificationDeliveriesArgs extends PageArgs {
  @Field(() => ID, { description: 'Of the channel.' })
  id!: string;
}
