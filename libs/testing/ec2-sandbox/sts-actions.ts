import type { Parameters } from './read-parameters.js';
import type { Principal, Principals } from './sandbox-account.js';

const DEFAULT_SECONDS = 3_600;

export function getCallerIdentity({ account, arn, key }: Principal): object {
  return { UserId: key.accessKeyId, Account: account.id, Arn: arn };
}

export function assumeRole(principals: Principals, parameters: Parameters): object {
  const {
    RoleArn: roleArn,
    ExternalId: externalId,
    RoleSessionName: name,
    DurationSeconds: seconds,
  } = parameters;
  const session = { name: String(name), seconds: typeof seconds === 'number' ? seconds : DEFAULT_SECONDS };
  const external = typeof externalId === 'string' ? externalId : null;
  const { arn, key, expiresAt } = principals.assume(String(roleArn), external, session);
  return {
    Credentials: {
      AccessKeyId: key.accessKeyId,
      SecretAccessKey: key.secretAccessKey,
      SessionToken: key.sessionToken,
      Expiration: new Date(expiresAt),
    },
    AssumedRoleUser: { AssumedRoleId: `AROASANDBOX:${session.name}`, Arn: arn },
  };
}
