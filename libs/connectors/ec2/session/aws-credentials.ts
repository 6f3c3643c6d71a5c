import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { HygieneError } from '#core';
import { PROMPT } from '#connector-kit';
import type { Ec2Config } from '../config.js';
import type { AwsClients } from './aws-clients.js';
import type { Caller } from './caller.js';
import type { StaticKeys } from './static-keys.js';

/** A container or instance that has no metadata service must not keep a scan waiting: milliseconds, and no second try. */
const METADATA_LIMIT = { timeout: 1_000, maxRetries: 0 };
const ROLE_SECONDS = 3_600;
/** Credentials that expire within this time are fetched anew before they are used. */
const RENEW_BEFORE_MS = 5 * 60_000;

/** The credentials before a role is assumed: the given keys, or the SDK's default chain. */
export function baseCredentials(keys: StaticKeys | null, now: () => number): AwsCredentialIdentityProvider {
  if (keys === null) return remembered(fromNodeProviderChain(METADATA_LIMIT), now);
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const fixed = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  return async () => fixed;
}

export interface RoleRequest {
  readonly config: Ec2Config & { readonly roleArn: string };
  readonly base: AwsCredentialIdentityProvider;
  readonly clients: AwsClients;
  readonly caller: Caller;
  readonly now: () => number;
}

/** The credentials of an assumed role, one AssumeRole for all regions and until shortly before they expire. */
export function roleCredentials({
  config,
  base,
  clients,
  caller,
  now,
}: RoleRequest): AwsCredentialIdentityProvider {
  const region = config.regions[0] ?? '';
  const { roleArn, externalId } = config;
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: 'tagward',
    DurationSeconds: ROLE_SECONDS,
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
  });
  return remembered(async () => {
    const sts = clients.sts(region, base);
    const reply = await caller.call({
      ...{ service: 'sts', operation: 'AssumeRole', region, payer: roleArn, attempts: PROMPT },
      // It serves many calls, so no single call's signal ends it; the time limit of a call does.
      signal: new AbortController().signal,
      send: (signal) => sts.send(command, { abortSignal: signal }),
    });
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = reply.Credentials ?? {};
    const { SessionToken: sessionToken, Expiration: expiration } = reply.Credentials ?? {};
    if (accessKeyId === undefined || secretAccessKey === undefined)
      throw new HygieneError(
        'REMOTE_REPLY_INVALID',
        `AssumeRole in ${region} gave no credentials. If the target has an endpoint, check that STS answers there.`,
      );
    return {
      ...{ accessKeyId, secretAccessKey },
      ...(sessionToken === undefined ? {} : { sessionToken }),
      ...(expiration === undefined ? {} : { expiration }),
    };
  }, now);
}

/** One fetch serves every caller until its credentials are about to expire; a failed fetch is not kept. */
function remembered(fetch: AwsCredentialIdentityProvider, now: () => number): AwsCredentialIdentityProvider {
  let last: Promise<AwsCredentialIdentity> | null = null;
  let usableUntil = Infinity;
  return async () => {
    if (last !== null && now() < usableUntil) return last;
    usableUntil = Infinity;
    const fresh = fetch();
    last = fresh;
    try {
      const credentials = await fresh;
      usableUntil = (credentials.expiration?.getTime() ?? Infinity) - RENEW_BEFORE_MS;
      return credentials;
    } catch (error) {
      if (last === fresh) last = null;
      throw error;
    }
  };
}
