import { createHmac } from 'node:crypto';
import { createConnectors } from '#connectors';
import { memoryEnvironment } from '#connector-kit';
import { openDatabase, type PostgresDatabase } from '#persistence';
import { aTarget, testDatabase, type TestDatabase } from '#testing';
import { AesSecretBox } from '../crypto/aes-secret-box.js';
import type { WebhookDeliveryRecord } from '../records/webhook-delivery.js';
import type { Viewer } from '../records/access.js';
import type { WebhookKind } from '../records/webhook.js';
import { CreateWebhook } from './create-webhook.js';
import { ReceiveDelivery } from './receive-delivery.js';
import { RotateWebhookSecret } from './rotate-webhook-secret.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
export const ADMIN: Viewer = { subject: 'token:ops', source: 'TOKEN', scopes: ['ADMIN'], targetIds: null };

export interface MadeWebhook {
  readonly id: string;
  readonly secret: string;
}

/** The use cases of webhooks on a PostgreSQL, and a clock to turn. */
export class WebhookPlace {
  now = new Date('2026-05-01T12:00:00Z');
  /** Targets that the queue was told of. */
  readonly queued: string[] = [];

  private constructor(
    private readonly server: TestDatabase,
    readonly database: PostgresDatabase,
  ) {}

  static async start(): Promise<WebhookPlace> {
    const server = await testDatabase();
    const database = await openDatabase({ poolConfig: { ...server.poolConfig, max: 10 } });
    await database.migrate();
    return new WebhookPlace(server, database);
  }

  get deps() {
    return {
      database: this.database,
      connectors: createConnectors(memoryEnvironment()),
      scanQueue: {
        enqueue: async (targetId: string) => {
          this.queued.push(targetId);
        },
      },
      secretBox: new AesSecretBox(Buffer.alloc(32, 7)),
      certificates: { certificate: () => Promise.reject(new Error('nothing is fetched')) },
      clock: { now: () => this.now },
      logger: silent,
    };
  }

  async target(platform: 'git' | 'registry' | 'ec2', config: object): Promise<string> {
    const target = aTarget({ platform, config: config as Record<string, string> });
    return (await this.database.stores.targets.insert(target)).id;
  }

  async webhook(kind: WebhookKind, targetIds: string[], more: object = {}): Promise<MadeWebhook> {
    const name = `hook ${crypto.randomUUID()}`;
    const input = { name, kind, targetIds, secret: undefined, topicArn: undefined, ...more };
    const { webhook, secret } = await new CreateWebhook(this.deps).execute(ADMIN, input);
    return { id: webhook.id, secret };
  }

  rotate(id: string) {
    return new RotateWebhookSecret(this.deps).execute(ADMIN, { id });
  }

  receiver(): ReceiveDelivery {
    return new ReceiveDelivery(this.deps);
  }

  async log(webhookId: string): Promise<WebhookDeliveryRecord[]> {
    const page = await this.database.readModels.webhookDeliveries(webhookId, { first: 200, after: null });
    return page.edges.map(({ node }) => node);
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.server.drop();
  }
}

/** A delivery as GitHub signs it. */
export function fromGitHub(
  { id, secret }: MadeWebhook,
  event: string,
  payload: unknown,
  deliveryId: string | null = crypto.randomUUID(),
) {
  const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  return {
    webhookId: id,
    headers: {
      'x-github-event': [event],
      'x-hub-signature-256': [signature],
      ...(deliveryId === null ? {} : { 'x-github-delivery': [deliveryId] }),
    },
    body,
  };
}

/** A delivery that shows its secret, as registries do. */
export function withToken({ id, secret }: MadeWebhook, payload: unknown) {
  return {
    webhookId: id,
    headers: { authorization: [`Bearer ${secret}`] },
    body: Buffer.from(JSON.stringify(payload)),
  };
}
