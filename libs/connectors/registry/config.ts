import { X509Certificate } from 'node:crypto';
import { patternFault } from '#core';
import { z } from 'zod';
import { isDockerHub, registryOrigin } from './registry-origin.js';
import { isRepositoryName } from './names.js';

/** The configuration of a registry target as it is stored. */
export type RegistryConfig = {
  /** The registry's origin: `https://host[:port]`. */
  readonly url: string;
  /** Names and globs; absent: everything in the catalog. */
  readonly repositories?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly flavor?: RegistryFlavor | undefined;
  /** PEM certificates of an authority that is trusted beside those of the system. */
  readonly caCertificate?: string | undefined;
  /** Lets a later untag push a manifest of its own over the tag where the registry deletes by digest only. */
  readonly scratchManifestUntag?: boolean | undefined;
};

const FLAVORS = ['DISTRIBUTION', 'ECR', 'GHCR', 'DOCKER_HUB', 'HARBOR', 'GITLAB'] as const;
export type RegistryFlavor = (typeof FLAVORS)[number];

const MOST_NAMES = 10_000;
const LONGEST_PEM = 65_536;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

const url = z
  .string()
  .trim()
  .transform((text, context) => {
    const read = registryOrigin(text);
    if ('origin' in read) return read.origin;
    context.addIssue({ code: 'custom', message: read.fault });
    return z.NEVER;
  });

const pattern = z
  .string()
  .trim()
  .superRefine((text, context) => {
    const fault = patternProblem(text);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  });

const caCertificate = z
  .string()
  .max(LONGEST_PEM, `caCertificate has at most ${LONGEST_PEM} characters.`)
  .superRefine((pem, context) => {
    const fault = pemProblem(pem);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  });

export const registryConfig: z.ZodType<RegistryConfig> = z.preprocess(
  withoutNulls,
  z
    .strictObject({
      url,
      repositories: z
        .array(pattern)
        .min(1, 'Name at least one repository or glob, or leave repositories out to read the whole catalog.')
        .max(MOST_NAMES, `At most ${MOST_NAMES} names and globs make one target.`)
        .optional(),
      exclude: z.array(pattern).max(MOST_NAMES, `At most ${MOST_NAMES} names and globs.`).optional(),
      flavor: z.enum(FLAVORS, `The flavours are ${FLAVORS.join(', ')}; leave it out when unsure.`).optional(),
      caCertificate: caCertificate.optional(),
      scratchManifestUntag: z.boolean().optional(),
    })
    .transform(({ repositories, exclude, ...config }) => ({
      ...config,
      ...(repositories === undefined ? {} : { repositories: fullNames(config.url, repositories) }),
      ...(exclude === undefined ? {} : { exclude: fullNames(config.url, exclude) }),
    })),
);

/** The registry, and what narrows it. */
export function registryLocation({ url: at, repositories, exclude }: RegistryConfig): string {
  const only = repositories === undefined ? '' : ` (${shortened(repositories)})`;
  const without = exclude === undefined || exclude.length === 0 ? '' : ` without ${shortened(exclude)}`;
  return `${at}${only}${without}`;
}

/** A name that is no glob is read directly; nothing else asks the catalog. */
export function isGlob(text: string): boolean {
  return /[*?[\]{}\\]/.test(text);
}

function patternProblem(text: string): string | null {
  if (!isGlob(text))
    return isRepositoryName(text)
      ? null
      : `${JSON.stringify(text.slice(0, 100))} is no repository: names are lower-case letters, digits and . _ - between slashes, without host and tag, like library/nginx. A glob has a * in it.`;
  const fault = patternFault({ type: 'glob', text });
  return fault === null ? null : `${JSON.stringify(text.slice(0, 100))}: ${fault}`;
}

function pemProblem(pem: string): string | null {
  if (/PRIVATE KEY/.test(pem))
    return 'caCertificate holds a private key. Give the certificate only, and treat that key as known.';
  const blocks = pem.match(CERTIFICATE) ?? [];
  if (blocks.length === 0 || pem.replace(CERTIFICATE, '').includes('-----'))
    return 'caCertificate must be PEM: -----BEGIN CERTIFICATE----- … -----END CERTIFICATE-----, one or several.';
  try {
    for (const block of blocks) new X509Certificate(block);
    return null;
  } catch {
    return 'caCertificate has a block that is no X.509 certificate. Copy it again, as the authority gives it.';
  }
}

/** Docker Hub's official images are written `nginx` by people and `library/nginx` by the registry. */
function fullNames(origin: string, names: readonly string[]): readonly string[] {
  const full = names.map((name) =>
    isDockerHub(origin) && !isGlob(name) && !name.includes('/') ? `library/${name}` : name,
  );
  return [...new Set(full)];
}

function shortened(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** GraphQL sends null for an input that was cleared: the same as leaving it out. */
function withoutNulls(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}
