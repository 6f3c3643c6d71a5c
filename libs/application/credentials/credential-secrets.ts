import { HygieneError, type CredentialKind, type CredentialSecret } from '#core';
import { z } from 'zod';

const text = z.string().min(1).max(65_536);

/** What each kind of credential holds. Values never leave this module in an error. */
const SECRETS = {
  AWS_ACCESS_KEY: z.strictObject({
    accessKeyId: z
      .string()
      .regex(/^[A-Z0-9]{16,128}$/, 'expected 16 or more capital letters and digits, like AKIA…'),
    secretAccessKey: z.string().min(16, 'expected the 40 characters that came with the key id').max(256),
    sessionToken: text.optional(),
  }),
  BASIC: z.strictObject({ username: text, password: text }),
  BEARER: z.strictObject({ token: text }),
  SSH_KEY: z.strictObject({ privateKey: text, passphrase: text.optional(), knownHosts: text }),
  DOCKER_TLS: z.strictObject({ ca: text, cert: text, key: text }),
  FORGE_TOKEN: z.strictObject({ token: text }),
} as const satisfies Record<CredentialKind, z.ZodType>;

/** @throws HygieneError CREDENTIAL_INVALID that names each wrong field and never its value */
export function parseSecret(kind: CredentialKind, secret: unknown): CredentialSecret {
  const parsed = SECRETS[kind].safeParse(secret);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => ({
      path: ['secret', ...issue.path].join('.'),
      message: issue.code === 'unrecognized_keys' ? 'unknown field' : issue.message,
    }));
    const fields = Object.keys(SECRETS[kind].shape).join(', ');
    throw new HygieneError(
      'CREDENTIAL_INVALID',
      `A ${kind} secret has the fields ${fields}; ${faults.map(({ path, message }) => `${path}: ${message}`).join('; ')}.`,
      { faults },
    );
  }
  return JSON.parse(JSON.stringify(parsed.data)) as CredentialSecret;
}
