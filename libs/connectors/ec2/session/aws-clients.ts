import { EC2Client } from '@aws-sdk/client-ec2';
import { STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { guardedAgents, type GuardedAgents, type OutboundGuard } from '#connector-kit';
import { BoundedHttpHandler } from './bounded-http-handler.js';

const SOCKETS_PER_HOST = 16;

/** The SDK's clients of one connector, made when first needed: one for each region and service, on shared agents. */
export class AwsClients {
  private readonly agents: GuardedAgents;
  private readonly handler: BoundedHttpHandler;
  private readonly ec2ByRegion = new Map<string, EC2Client>();

  constructor(
    guard: OutboundGuard,
    private readonly endpoint: string | null,
  ) {
    this.agents = guardedAgents(guard, { maxSockets: SOCKETS_PER_HOST });
    this.handler = new BoundedHttpHandler(this.agents);
  }

  ec2(region: string, credentials: AwsCredentialIdentityProvider): EC2Client {
    const known = this.ec2ByRegion.get(region);
    if (known !== undefined) return known;
    const client = new EC2Client({ ...this.options(region), credentials });
    this.ec2ByRegion.set(region, client);
    return client;
  }

  /** Not kept: a target makes one or two calls to STS. */
  sts(region: string, credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider): STSClient {
    return new STSClient({ ...this.options(region), credentials });
  }

  /** Ends every connection, those in use too. */
  close(): void {
    for (const client of this.ec2ByRegion.values()) client.destroy();
    this.ec2ByRegion.clear();
    this.agents.destroy();
  }

  /** One attempt: pacing and retries are the caller's, so that no call is made that it does not count. */
  private options(region: string) {
    return {
      region,
      maxAttempts: 1,
      requestHandler: this.handler,
      customUserAgent: 'tagward',
      ...(this.endpoint === null ? {} : { endpoint: this.endpoint }),
    };
  }
}
