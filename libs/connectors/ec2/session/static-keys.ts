import { HygieneError, type CredentialKind, type CredentialSecret, type Fault } from '#core';
import { z } from 'zod';

export interface StaticKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

const staticKeys = z.strictObject({
  accessKeyId: z
    .string()
    .regex(/^[A-Za-z0-9]{16,128}$/, 'accessKeyId has 16 to 128 letters and digits, like AKIA….'),
  secretAccessKey: z
    .string()
    .regex(/^\S{16,256}$/, 'secretAccessKey has 16 to 256 characters and no blanks.'),
  sessionToken: z
    .string()
    .regex(/^\S{16,8192}$/, 'sessionToken has 16 to 8192 characters and no blanks.')
    .optional(),
});

/** Reads an AWS_ACCESS_KEY credential. Throws CREDENTIAL_INVALID, which names fields and shows no value. */
export function parseStaticKeys(secret: { kind: CredentialKind; values: CredentialSecret }): StaticKeys {
  if (secret.kind !== 'AWS_ACCESS_KEY')
    throw new HygieneError(
      'CREDENTIAL_INVALID',
      `EC2 takes a credential of kind AWS_ACCESS_KEY, not ${secret.kind}. Store one, or none to use the default chain.`,
    );
  const checked = staticKeys.safeParse(secret.values);
  if (checked.success) return checked.data;
  const faults = checked.error.issues.map(({ path, message }): Fault => ({
    path: ['secret', ...path].join('.'),
    message,
  }));
  throw new HygieneError(
    'CREDENTIAL_INVALID',
    `The AWS_ACCESS_KEY credential is not usable: ${faults.map(({ message }) => message).join(' ')}`,
    { faults },
  );
}
