import type { Capability, ConnectorDescriptor, ResourceHint } from '#core';
import { ec2Config, ec2Location, type Ec2Config } from './config.js';
import { RESOURCE_TYPES, typesOfId } from './resource-types/resource-type.js';

/** EC2 as data: what a target may say, what reading needs. Loads no AWS code. */
export const ec2Descriptor: ConnectorDescriptor<Ec2Config> = {
  platform: 'ec2',
  title: 'Amazon EC2',
  tagKind: 'label',
  config: ec2Config,
  location: ec2Location,
  resourceNamed: (config, hint) => (isWithin(config, hint) ? hint.name : null),
  credentialKinds: ['AWS_ACCESS_KEY'],
  capabilities: [
    declared(
      'list-untagged',
      true,
      'resources without tags are seen, except of the types only DescribeTags lists',
    ),
    declared(
      'filter-resources',
      true,
      'single ids are read with a filter, one call for each type and region',
    ),
    declared('creation-date', true, 'where EC2 tells it; see the readme'),
    declared('apply', false, 'tags are read, not changed'),
  ],
  permissions: readPermissions(),
};

const RESOURCE_ID = /^[a-z][a-z0-9-]{0,40}-[0-9a-f]{8,32}$/;

/** The account is known here only when it stands in the role; the id of another account's resource is not found by the scan. */
function isWithin(config: Ec2Config, { name, region, account }: ResourceHint): boolean {
  const own = config.roleArn?.split(':')[4];
  if (region && !config.regions.includes(region)) return false;
  if (account && own !== undefined && account !== own) return false;
  const types = config.resourceTypes ?? [...RESOURCE_TYPES.keys()];
  return RESOURCE_ID.test(name) && typesOfId(name).some(({ type }) => types.includes(type));
}

/** The IAM actions that reading every type needs, sorted. */
function readPermissions(): readonly string[] {
  const described = [...RESOURCE_TYPES.values()].flatMap(({ describe }) =>
    describe === null ? [] : [describe.operation],
  );
  return [...new Set(['DescribeTags', ...described])].sort().map((operation) => `ec2:${operation}`);
}

function declared(name: string, supported: boolean, detail: string): Capability {
  return { name, supported, declared: true, detail, checkedAt: null };
}
