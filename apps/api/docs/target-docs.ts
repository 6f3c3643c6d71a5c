import type { JsonSchema } from './json-schema.js';

const texts = { type: 'array', items: { type: 'string' } };
const text = { type: 'string' };

const object = (
  properties: Record<string, unknown>,
  required: readonly string[],
  description: string,
): JsonSchema => ({
  type: ['object', 'null'],
  description,
  properties,
  ...(required.length === 0 ? {} : { required }),
});

/** The settings of each platform, which its connector checks; here for readers of the docs. */
export const TARGET_FIELDS: Readonly<Record<string, JsonSchema>> = {
  ec2: object(
    {
      regions: texts,
      resourceTypes: texts,
      roleArn: text,
      externalId: text,
      endpoint: text,
      organization: { type: 'object', properties: { roleName: text, accountIds: texts, ouIds: texts } },
    },
    ['regions'],
    'An AWS account and its regions.',
  ),
  git: object(
    {
      url: text,
      organization: { type: 'object', properties: { name: text, include: texts, exclude: texts } },
      forge: { enum: ['GITHUB', 'GITLAB', 'GITEA'] },
      forgeUrl: text,
      forgeCredentialId: text,
      signers: texts,
      tagsPerPush: { type: 'integer' },
    },
    [],
    'A git remote, or every repository of an organization.',
  ),
  registry: object(
    {
      url: text,
      repositories: texts,
      exclude: texts,
      flavor: { enum: ['DISTRIBUTION', 'ECR', 'GHCR', 'DOCKER_HUB', 'HARBOR', 'GITLAB'] },
      caCertificate: text,
      scratchManifestUntag: { type: 'boolean', default: false },
    },
    ['url'],
    'An image registry.',
  ),
  docker: object({ host: text }, ['host'], 'A Docker engine.'),
};
