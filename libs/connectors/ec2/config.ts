import { nearestWord } from '#core';
import { z } from 'zod';
import { RESOURCE_TYPES } from './resource-types/resource-type.js';

/** The configuration of an EC2 target as it is stored. */
export type Ec2Config = {
  readonly regions: readonly string[];
  /** null: every taggable type. */
  readonly resourceTypes?: readonly string[] | undefined;
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
  readonly endpoint?: string | undefined;
};

/** `eu-west-1`, `us-gov-east-1`, `us-isob-east-1`, `eusc-de-east-1`: becomes part of a host name, so nothing else passes. */
const REGION = /^[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}$/;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;
/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, ExternalId */
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

const region = z
  .string()
  .trim()
  .refine((name) => REGION.test(name), {
    error: ({ input }) =>
      `${JSON.stringify(input)} is not the name of a region. Name each region to read, like eu-west-1 or us-gov-east-1.`,
  });

const resourceType = z
  .string()
  .trim()
  .refine((type) => RESOURCE_TYPES.has(type), { error: ({ input }) => unknownType(String(input)) });

const endpoint = z.string().trim().refine(isPlainHttpUrl, {
  error:
    'The endpoint must be http(s)://host[:port] without user name, query or fragment. Credentials belong in a credential.',
});

const organization = z
  .never({
    error: 'Reading a whole organization is not supported yet. Make one target for each account (roleArn).',
  })
  .optional();

export const ec2Config: z.ZodType<Ec2Config> = z.preprocess(
  withoutNulls,
  z
    .strictObject({
      regions: z
        .array(region)
        .min(1, 'Name at least one region to read, like eu-west-1.')
        .max(64, 'At most 64 regions make one target.')
        .transform(unique),
      resourceTypes: z
        .array(resourceType)
        .min(1, 'Name at least one resource type, or leave resourceTypes out to read every taggable one.')
        .transform(unique)
        .optional(),
      roleArn: z
        .string()
        .trim()
        .regex(ROLE_ARN, 'roleArn must look like arn:aws:iam::123456789012:role/name.')
        .optional(),
      externalId: z
        .string()
        .regex(EXTERNAL_ID, 'externalId has 2 to 1224 letters, digits or +=,.@:/-_ characters.')
        .optional(),
      endpoint: endpoint.optional(),
      organization,
    })
    .refine(({ roleArn, externalId }) => externalId === undefined || roleArn !== undefined, {
      path: ['externalId'],
      error: 'externalId is only used to assume a role. Give roleArn as well, or leave externalId out.',
    })
    .transform(({ organization: _never, ...config }) => config),
);

/** The regions and what narrows them; the external id is no secret to AWS, and is left out all the same. */
export function ec2Location({ regions, resourceTypes, roleArn, endpoint: at }: Ec2Config): string {
  const types = resourceTypes === undefined ? '' : ` (${resourceTypes.join(', ')})`;
  const role = roleArn === undefined ? '' : ` as ${roleArn}`;
  return `${[...regions].join(', ')}${types}${role}${at === undefined ? '' : ` at ${at}`}`;
}

function isPlainHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

function unknownType(type: string): string {
  const near = nearestWord(type.toLowerCase().replace(/^(aws::ec2::|ec2:)/, ''), [...RESOURCE_TYPES.keys()]);
  const hint =
    near === null
      ? 'The names are those of the EC2 API: instance, volume, security-group…'
      : `Did you mean ${near}?`;
  return `EC2 has no taggable resource type ${JSON.stringify(type)}. ${hint}`;
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

/** GraphQL sends null for an input that was cleared: the same as leaving it out. */
function withoutNulls(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}
