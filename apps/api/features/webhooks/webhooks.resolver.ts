import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Operations, type WebhookRecord } from '#application';
import { notFound } from '#core';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { PageArgs } from '../../graphql/page-args.dto.js';
import { toConnection } from '../../graphql/to-connection.js';
import { DeliveryConnection } from '../deliveries/delivery.dto.js';
import { WebhookLinks } from './webhook-links.js';
import {
  CreatedWebhook,
  CreateWebhookInput,
  Webhook,
  WebhookConnection,
  WebhookDeliveriesArgs,
} from './webhook.dto.js';

@Resolver(() => Webhook)
export class WebhooksResolver {
  constructor(
    private readonly operations: Operations,
    private readonly links: WebhookLinks,
  ) {}

  @Query(() => WebhookConnection)
  async webhooks(@Context() { viewer }: GraphqlContext, @Args() args: PageArgs) {
    return toConnection(await this.operations.run('webhooks', viewer, args), args.after);
  }

  @Query(() => Webhook, { nullable: true })
  webhook(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('webhook', viewer, { id });
  }

  @Query(() => DeliveryConnection)
  async webhookDeliveries(@Context() { viewer }: GraphqlContext, @Args() args: WebhookDeliveriesArgs) {
    return toConnection(await this.operations.run('webhookDeliveries', viewer, args), args.after);
  }

  @Mutation(() => CreatedWebhook)
  createWebhook(@Context() { viewer }: GraphqlContext, @Args('input') input: CreateWebhookInput) {
    return this.operations.run('createWebhook', viewer, { ...input });
  }

  @Mutation(() => CreatedWebhook)
  rotateWebhookSecret(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('rotateWebhookSecret', viewer, { id });
  }

  @Mutation(() => Boolean)
  deleteWebhook(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    return this.operations.run('deleteWebhook', viewer, { id });
  }

  @ResolveField(() => String, { description: 'Where to deliver.' })
  url(@Parent() { id }: WebhookRecord) {
    return this.links.urlOf(id);
  }

  @ResolveField(() => DeliveryConnection, { description: 'Latest first.' })
  async deliveries(
    @Context() { viewer, loaders }: GraphqlContext,
    @Parent() { id }: WebhookRecord,
    @Args() { first = 50, after }: PageArgs,
  ) {
    // Only the first page is asked for of many webhooks at once.
    if (after !== undefined && after !== null)
      return toConnection(
        await this.operations.run('webhookDeliveries', viewer, { id, first, after }),
        after,
      );
    const page = await loaders.latestDeliveries(first).load(id);
    if (page === null) throw notFound('webhook', id);
    return toConnection(page, null);
  }
}
