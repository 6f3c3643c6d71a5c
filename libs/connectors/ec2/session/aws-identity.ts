/** Who a credential is to AWS. */
export interface AwsIdentity {
  /** Twelve digits. */
  readonly account: string;
  /** For a person: `account 123456789012 as role/tagward`. */
  readonly words: string;
}

/** Reads `arn:aws:sts::123456789012:assumed-role/tagward/session` and its kind; null when the text is no ARN of an account. */
export function identityOfArn(arn: string): AwsIdentity | null {
  const match = /^arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):([\w+=,.@:/-]{1,600})$/.exec(arn);
  if (match === null) return null;
  const [, account = '', path = ''] = match;
  const who = path.replace(/^assumed-role\/([^/]+)\/.*$/, 'role/$1');
  return { account, words: `account ${account} as ${who}` };
}
