import { ApiError } from './api-error.js';
import type { Parameters } from './read-parameters.js';

/** MaxResults that the API reference allows, where it is not 5 to 1,000. */
const LIMITS: readonly (readonly [least: number, most: number, operations: string])[] = [
  [1, 10, 'PublicIpv4Pools'],
  [1, 50, 'InstanceConnectEndpoints ReplaceRootVolumeTasks'],
  [
    1,
    100,
    'CapacityReservationFleets ManagedPrefixLists NetworkInsightsAccessScopeAnalyses NetworkInsightsAccessScopes',
  ],
  [1, 100, 'NetworkInsightsAnalyses NetworkInsightsPaths'],
  [1, 200, 'LaunchTemplates'],
  [1, 500, 'ExportImageTasks MacModificationTasks'],
  [
    1,
    1_000,
    'CapacityBlocks CapacityManagerDataExports CapacityReservations DeclarativePoliciesReports Ipv6Pools',
  ],
  [5, 100, 'RouteTables'],
  [5, 200, 'VerifiedAccessInstances VerifiedAccessTrustProviders'],
  [5, 255, 'EgressOnlyInternetGateways'],
  [5, 500, 'Hosts HostReservations'],
  [10, 1_000, 'ElasticGpus'],
  [20, 500, 'InstanceEventWindows'],
  [200, 1_000, 'VpnConcentrators'],
  [1_000, 100_000, 'IpamPoolAllocations'],
];
const LIMIT_OF = new Map<string, { readonly least: number; readonly most: number }>(
  LIMITS.flatMap(([least, most, names]) =>
    names.split(' ').map((name) => [`Describe${name}`, { least, most }] as const),
  ),
);

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | null;
}

/** The page that `MaxResults` and `NextToken` ask for. A token is bound to the operation it came from. */
export function pageOf<T>(
  all: readonly T[],
  operation: string,
  { MaxResults: size, NextToken: token }: Parameters,
): Page<T> {
  const { least, most } = LIMIT_OF.get(operation) ?? { least: 5, most: 1_000 };
  if (typeof size === 'number' && (size < least || size > most))
    throw new ApiError(
      'InvalidParameterValue',
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value between ${least} and ${most}.`,
    );
  const start = typeof token === 'string' ? offsetOf(token, operation) : 0;
  const end = typeof size === 'number' ? start + size : typeof token === 'string' ? start + most : all.length;
  return { items: all.slice(start, end), nextToken: end < all.length ? tokenAt(end, operation) : null };
}

function tokenAt(offset: number, operation: string): string {
  return Buffer.from(JSON.stringify([operation, offset])).toString('base64');
}

function offsetOf(token: string, operation: string): number {
  const text = Buffer.from(token, 'base64').toString();
  const match = /^\["(\w+)",(\d+)\]$/.exec(text);
  if (match?.[1] !== operation) throw new ApiError('InvalidNextToken', `The token '${token}' is invalid`);
  return Number(match[2]);
}
