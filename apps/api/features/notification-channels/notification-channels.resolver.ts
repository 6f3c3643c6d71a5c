import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Operations, type NotificationChannelRecord } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { PageArgs } from '../../graphql/page-args.dto.js';
import { toConnection } from '../../graphql/to-connection.js';
import { Delivery, DeliveryConnection } from '../deliveries/delivery.dto.js';
import {
  NotificationChannel,
  NotificationChannelInput,
  NotificationDeliveriesArgs,
} from './notification-channel.dto.js';

@Resolver(() => NotificationChannel)
export class NotificationChannelsResolver {
  constructor(private readonly operations: Operations) {}

  @Query(() => [NotificationChannel])
  notificationChannels(@Context() { viewer }: GraphqlContext) {
    return this.operations.run('notificationChannels', viewer, {});
  }

  @Query(() => DeliveryConnection)
  async notificationDeliveries(
    @Context() { viewer }: GraphqlContext,
    @Args() args: NotificationDeliveriesArgs,
  ) {
    return toConnection(await this.operations.run('notificationDeliveries', viewer, args), args.after);
  }

  @Mutation(() => NotificationChannel)
  upsertNotificationChannel(
    @Context() { viewer }: GraphqlContext,
    @Args('input') input: NotificationChannelInput,
  ) {
    return this.operations.run('upsertNotificationChannel', viewer, { ...input });
  }

  @Mutation(() => Boolean)
  deleteNotificationChannel(
    @Context() { viewer }: GraphqlContext,
    @Args('id', { type: () => ID }) id: string,
  ) {
    return this.operations.run('deleteNotificationChannel', viewer, { id });
  }

  @Mutation(() => Delivery)
  redeliver(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('redeliver', viewer, { id });
  }

  @ResolveField(() => DeliveryConnection, { description: 'Newest first.' })
  async deliveries(
    @Context() { loaders }: GraphqlContext,
    @Parent() channel: NotificationChannelRecord,
    @Args() { first, after }: PageArgs,
  ) {
    const page = { first: first ?? 50, after: after ?? null };
    return toConnection(await loaders.deliveriesOfChannel.load({ channelId: channel.id, ...page }), after);
  }
}
