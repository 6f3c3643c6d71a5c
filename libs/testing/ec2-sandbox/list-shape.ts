import type { Operation, ServiceModel, Shape } from './service-model.js';

/** Where a Describe reply holds its resources, as the model says it. */
export interface ListShape {
  /** `['Reservations', 'Instances']`: members from the reply down to the list of items. */
  readonly path: readonly string[];
  readonly item: Shape;
  readonly idMember: string;
  readonly tagMember: string;
}

/** Members that identify, where it is not the resource type's name and `Id`. */
const ID_MEMBERS: Readonly<Record<string, string>> = {
  'elastic-ip': 'AllocationId',
  'dedicated-host': 'HostId',
  'coip-pool': 'PoolId',
  'ipv4pool-ec2': 'PoolId',
  'ipv6pool-ec2': 'PoolId',
  'declarative-policies-report': 'ReportId',
  'image-usage-report': 'ReportId',
  'import-image-task': 'ImportTaskId',
  'import-snapshot-task': 'ImportTaskId',
  'placement-group': 'GroupId',
  'security-group': 'GroupId',
  'spot-instances-request': 'SpotInstanceRequestId',
  'vpc-flow-log': 'FlowLogId',
  'export-instance-task': 'ExportTaskId',
  'vpc-endpoint-service': 'ServiceId',
  'vpc-block-public-access-exclusion': 'ExclusionId',
};

/** Operations that list a type, where it is not `Describe` and the type's name in the plural. */
const OPERATIONS: Readonly<Record<string, string>> = {
  'elastic-ip': 'DescribeAddresses',
  'dedicated-host': 'DescribeHosts',
  'prefix-list': 'DescribeManagedPrefixLists',
  'spot-instances-request': 'DescribeSpotInstanceRequests',
  'vpc-flow-log': 'DescribeFlowLogs',
  'vpc-endpoint-service': 'DescribeVpcEndpointServiceConfigurations',
  'ipv4pool-ec2': 'DescribePublicIpv4Pools',
  'ipv6pool-ec2': 'DescribeIpv6Pools',
  'export-instance-task': 'DescribeExportTasks',
  natgateway: 'DescribeNatGateways',
  'fca-policy': 'DescribeNetworkingFlexCostAllocationPolicies',
  'capacity-reservation-modification-quote': 'DescribeCapacityReservationDateChangeQuotes',
};

/** The operation that lists a resource type, by AWS's naming; the first of the candidates that the service has. */
export function operationsOf(resourceType: string): readonly string[] {
  const known = OPERATIONS[resourceType];
  if (known !== undefined) return [known];
  const name = pascal(resourceType);
  const plurals = [`${name}s`, name, `${name}es`, `${name.slice(0, -1)}ies`, `${name.slice(0, -2)}es`];
  return plurals.map((plural) => `Describe${plural}`);
}

/** The list of a Describe operation whose items carry tags and an id; null when its reply has no such list. */
export function listShapeOf(
  operation: Operation,
  resourceType: string,
  model: ServiceModel,
): ListShape | null {
  for (const [name, member] of model.members(operation.output)) {
    const item = model.element(member);
    if (item === null) continue;
    const found = withTags(item, [name], resourceType, model) ?? nested(item, name, resourceType, model);
    if (found !== null) return found;
  }
  return null;
}

function nested(parent: Shape, name: string, resourceType: string, model: ServiceModel): ListShape | null {
  for (const [inner, member] of model.members(parent)) {
    const item = model.element(member);
    const found = item === null ? null : withTags(item, [name, inner], resourceType, model);
    if (found !== null) return found;
  }
  return null;
}

function withTags(
  item: Shape,
  path: readonly string[],
  resourceType: string,
  model: ServiceModel,
): ListShape | null {
  const members = model.members(item);
  const tagMember = ['Tags', 'TagSet'].find((name) => members.has(name));
  const wanted = (ID_MEMBERS[resourceType] ?? `${pascal(resourceType)}Id`).toLowerCase();
  const idMember = [...members.keys()].find((name) =>
    [wanted, wanted.replace(/id$/, 'sid')].includes(name.toLowerCase()),
  );
  return tagMember === undefined || idMember === undefined ? null : { path, item, idMember, tagMember };
}

export function pascal(kebab: string): string {
  return kebab
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
