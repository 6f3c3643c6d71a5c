import { createHash } from 'node:crypto';
import * as ec2 from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { HygieneError } from '#core';
import type { OutboundGuard, Attempts } from '#connector-kit';
import type { Ec2Config } from '../config.js';
import { AwsClients } from './aws-clients.js';
import { baseCredentials, roleCredentials } from './aws-credentials.js';
import { identityOfArn, type AwsIdentity } from './aws-identity.js';
import { Caller } from './caller.js';
import type { StaticKeys } from './static-keys.js';

export interface SessionOptions {
  readonly config: Ec2Config;
  /** null: the SDK's default chain. */
  readonly keys: StaticKeys | null;
  readonly guard: OutboundGuard;
  readonly now: () => number;
}

export interface DescribeCall {
  readonly region: string;
  /** `DescribeInstances`: the name of any EC2 action. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly attempts: Attempts;
  readonly signal: AbortSignal;
}

type Reply = Readonly<Record<string, unknown>>;
type AnyCommand = new (input: Readonly<Record<string, unknown>>) => ec2.DescribeTagsCommand;

/** How many regions are asked who we are, when the first refuses the credential because the account has not enabled it. */
const IDENTITY_REGIONS = 3;

/** One connector's line to AWS: who we are, and EC2 calls, paced, retried and translated. */
export class AwsSession {
  private readonly clients: AwsClients;
  private readonly caller: Caller;
  private readonly credentials: AwsCredentialIdentityProvider;
  private known: AwsIdentity | null = null;

  constructor(private readonly options: SessionOptions) {
    const { config, keys, guard, now } = options;
    this.clients = new AwsClients(guard, config.endpoint ?? null);
    this.caller = new Caller(now, config.endpoint ?? null);
    const base = baseCredentials(keys, now);
    const { clients, caller } = this;
    const { roleArn } = config;
    this.credentials =
      roleArn === undefined
        ? base
        : roleCredentials({ config: { ...config, roleArn }, base, clients, caller, now });
  }

  /** The account and role that calls run as. Proves the credential: throws REMOTE_AUTH_FAILED, REMOTE_FORBIDDEN, REMOTE_UNREACHABLE… */
  async identity(attempts: Attempts, signal: AbortSignal): Promise<AwsIdentity> {
    if (this.known !== null) return this.known;
    let refusal: unknown = null;
    for (const region of this.options.config.regions.slice(0, IDENTITY_REGIONS)) {
      try {
        this.known = await this.askIdentity(region, attempts, signal);
        return this.known;
      } catch (error) {
        refusal ??= error;
        if (!(error instanceof HygieneError) || error.code !== 'REMOTE_AUTH_FAILED') throw error;
        if (this.options.config.endpoint !== undefined) throw error;
      }
    }
    throw refusal;
  }

  /** One EC2 action. Its reply is the SDK's output, read as data by whoever knows the action. */
  async describe({ region, operation, input, attempts, signal }: DescribeCall): Promise<Reply> {
    const commands = ec2 as unknown as Readonly<Record<string, AnyCommand | undefined>>;
    const Command = commands[`${operation}Command`];
    if (Command === undefined) throw new HygieneError('INTERNAL', `The AWS SDK has no action ${operation}.`);
    const client = this.clients.ec2(region, this.credentials);
    const output = await this.caller.call({
      ...{ service: 'ec2', operation, region, attempts, signal },
      payer: this.payer(),
      send: (abortSignal) => client.send(new Command(input), { abortSignal }),
    });
    return output as unknown as Reply;
  }

  close(): void {
    this.clients.close();
  }

  private async askIdentity(region: string, attempts: Attempts, signal: AbortSignal): Promise<AwsIdentity> {
    const sts = this.clients.sts(region, this.credentials);
    const reply = await this.caller.call({
      ...{ service: 'sts', operation: 'GetCallerIdentity', region, attempts, signal },
      payer: this.payer(),
      send: (abortSignal) => sts.send(new GetCallerIdentityCommand({}), { abortSignal }),
    });
    const identity = identityOfArn(reply.Arn ?? '');
    if (identity !== null && identity.account === reply.Account) return identity;
    throw new HygieneError(
      'REMOTE_REPLY_INVALID',
      `GetCallerIdentity in ${region} did not name an account. If the target has an endpoint, check that STS answers there too.`,
    );
  }

  /** Budgets are the account's; until it is known they are the credential's. */
  private payer(): string {
    const { keys, config } = this.options;
    const own =
      keys === null
        ? 'default chain'
        : `key ${createHash('sha256').update(keys.accessKeyId).digest('hex').slice(0, 12)}`;
    return this.known?.account ?? config.roleArn ?? own;
  }
}
