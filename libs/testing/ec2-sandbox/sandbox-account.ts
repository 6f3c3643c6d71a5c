import { randomBytes } from 'node:crypto';
import { ApiError } from './api-error.js';

export interface SandboxKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** An account of the sandbox: who may sign, which roles can be assumed. */
export interface SandboxAccount {
  /** Twelve digits. */
  readonly id: string;
  readonly keys: readonly SandboxKey[];
  readonly roles?: readonly { readonly name: string; readonly externalId?: string }[];
  /** Regions that the account has not enabled: every call there is an AuthFailure, as on AWS. */
  readonly disabledRegions?: readonly string[];
}

/** Who signed a request. */
export interface Principal {
  readonly account: SandboxAccount;
  readonly arn: string;
  readonly key: SandboxKey & { readonly sessionToken: string | null };
  readonly expiresAt: number;
}

/** The accounts of a sandbox, and the sessions that AssumeRole opened. */
export class Principals {
  private readonly byKey = new Map<string, Principal>();

  constructor(
    private readonly accounts: readonly SandboxAccount[],
    private readonly now: () => number,
  ) {
    for (const account of accounts)
      for (const key of account.keys)
        this.byKey.set(key.accessKeyId, {
          account,
          arn: `arn:aws:iam::${account.id}:user/sandbox`,
          key: { ...key, sessionToken: null },
          expiresAt: Infinity,
        });
  }

  find(accessKeyId: string): Principal | null {
    return this.byKey.get(accessKeyId) ?? null;
  }

  /** Opens a session of a role. Throws AccessDenied as STS does: the same for a missing role and a wrong external id. */
  assume(roleArn: string, externalId: string | null, session: { name: string; seconds: number }): Principal {
    const [, id = '', name = ''] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? [];
    const account = this.accounts.find((one) => one.id === id);
    const role = account?.roles?.find((one) => one.name === name);
    if (account === undefined || role === undefined || (role.externalId ?? null) !== externalId)
      throw new ApiError(
        'AccessDenied',
        `Not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
        403,
      );
    const principal: Principal = {
      account,
      arn: `arn:aws:sts::${id}:assumed-role/${name}/${session.name}`,
      key: {
        accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(48).toString('base64'),
      },
      expiresAt: this.now() + session.seconds * 1_000,
    };
    this.byKey.set(principal.key.accessKeyId, principal);
    return principal;
  }
}
