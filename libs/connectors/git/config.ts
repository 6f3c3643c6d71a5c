import { z } from 'zod';
import { parseRemoteUrl, type GitRemote } from './remote-url.js';

export const FORGES = ['GITHUB', 'GITLAB', 'GITEA'] as const;
export type Forge = (typeof FORGES)[number];

/** The configuration of a git target as it is stored. */
export type GitConfig = {
  /** In its canonical spelling; see `parseRemoteUrl`. */
  readonly url: string;
  /** Decides how a token is presented. */
  readonly forge?: Forge | undefined;
  /** Of the forge's API. Kept, not used yet, as are the following. */
  readonly forgeUrl?: string | undefined;
  readonly forgeCredentialId?: string | undefined;
  /** Keys whose signatures count. */
  readonly signers?: readonly string[] | undefined;
  readonly tagsPerPush?: number | undefined;
};

const url = z
  .string({ error: 'Give the url of the repository, like https://host/owner/name.git.' })
  .transform((given, context) => {
    const remote = parseRemoteUrl(given);
    if (typeof remote !== 'string') return remote.url;
    context.addIssue({ code: 'custom', message: remote, input: undefined });
    return z.NEVER;
  });

const forgeUrl = z.string().trim().refine(isPlainHttpUrl, {
  error: 'forgeUrl must be http(s)://host[:port][/path] without user name, query or fragment.',
});

const signer = z
  .string()
  .trim()
  .min(1, 'A signer is a public key, and this one is empty.')
  .max(16_384, 'A signer has at most 16,384 characters.');

const organization = z
  .never({ error: 'organization is not supported yet: make one target per repository, each with its url.' })
  .optional();

export const gitConfig: z.ZodType<GitConfig> = z.preprocess(
  withoutNulls,
  z
    .strictObject({
      url,
      forge: z.enum(FORGES, { error: `forge is one of ${FORGES.join(', ')}.` }).optional(),
      forgeUrl: forgeUrl.optional(),
      forgeCredentialId: z
        .string()
        .regex(/^[0-9A-Za-z-]{1,64}$/, 'forgeCredentialId is the id of a credential.')
        .optional(),
      signers: z.array(signer).max(1_000, 'At most 1,000 signers.').optional(),
      tagsPerPush: z
        .int('tagsPerPush is a whole number.')
        .min(1, 'tagsPerPush is at least 1.')
        .max(10_000, 'tagsPerPush is at most 10,000.')
        .optional(),
      organization,
    })
    .transform(({ organization: _never, ...config }) => config),
);

/** The remote of a configuration that has been checked. */
export function remoteOf({ url: address }: Pick<GitConfig, 'url'>): GitRemote {
  const remote = parseRemoteUrl(address);
  if (typeof remote === 'string') throw new TypeError(`A stored url is none: ${remote}`);
  return remote;
}

function isPlainHttpUrl(text: string): boolean {
  const parsed = URL.parse(text);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return false;
  return parsed.username === '' && parsed.password === '' && parsed.search === '' && parsed.hash === '';
}

/** GraphQL sends null for an input that was cleared: the same as leaving it out. */
function withoutNulls(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}
