import { ApiError } from './api-error.js';
import { filtersOf, matches, type Filter } from './filters.js';
import { pascal, type ListShape } from './list-shape.js';
import { pageOf } from './pages.js';
import type { Parameters } from './read-parameters.js';
import type { StoredResource } from './sandbox-store.js';
import type { ServiceModel } from './service-model.js';

export interface DescribeRequest {
  readonly operation: string;
  readonly resourceType: string;
  readonly list: ListShape;
  readonly model: ServiceModel;
  readonly parameters: Parameters;
  /** The account that asks. */
  readonly account: string;
}

type Item = Readonly<Record<string, unknown>>;

/** Members that say when a thing came to be. */
const CREATED =
  /^(Creat(e|ion|ed)(Time|Timestamp|Date|At)|CreatedDate|LaunchTime|StartTime|StartDate|Start|AllocationTime)$/;
/** What a thing is like when the fixture says nothing: clients look at these. */
const USUAL: Readonly<Record<string, Item>> = {
  instance: { State: { Code: 16, Name: 'running' }, MetadataOptions: { InstanceMetadataTags: 'disabled' } },
  volume: { State: 'available' },
  snapshot: { State: 'completed' },
  image: { State: 'available' },
  natgateway: { State: 'available' },
  vpc: { State: 'available' },
  subnet: { State: 'available' },
};

/** The reply of any Describe operation, from what is stored and what the model says an item has. */
export function describeResources(stored: readonly StoredResource[], request: DescribeRequest): object {
  const { operation, list, parameters } = request;
  const owned = stored.filter((resource) => isOfOwner(resource, request));
  const chosen = byFilters(byIds(owned, request), request);
  const { items: page, nextToken } = pageOf(chosen, operation, parameters);
  const token = nextToken === null ? {} : { NextToken: nextToken };
  return {
    ...nest(
      page.map((resource) => itemOf(resource, request)),
      list.path,
    ),
    ...token,
  };
}

function itemOf(resource: StoredResource, { list, model, resourceType }: DescribeRequest): Item {
  const members = [...model.members(list.item).keys()];
  const created = members
    .filter((name) => CREATED.test(name))
    .map((name) => [name, resource.createdAt] as const);
  const owner = members.includes('OwnerId') ? { OwnerId: resource.sharedBy ?? resource.account } : {};
  return {
    [list.idMember]: resource.id,
    ...owner,
    ...Object.fromEntries(created),
    ...USUAL[resourceType],
    ...resource.attributes,
    [list.tagMember]: [...resource.tags].map(([Key, Value]) => ({ Key, Value })),
  };
}

/** Public and shared ones are listed too, unless the request names owners. */
function isOfOwner({ sharedBy }: StoredResource, { parameters, account }: DescribeRequest): boolean {
  const owners = parameters['Owners'] ?? parameters['OwnerIds'];
  if (!Array.isArray(owners)) return true;
  return owners.includes(sharedBy ?? account) || (sharedBy === undefined && owners.includes('self'));
}

function byIds(
  stored: readonly StoredResource[],
  { parameters, resourceType, list }: DescribeRequest,
): readonly StoredResource[] {
  const name = Object.keys(parameters).find((key) => key !== 'OwnerIds' && /Ids$|IdSet$/.test(key));
  if (name === undefined) return stored;
  if (parameters['MaxResults'] !== undefined)
    throw new ApiError(
      'InvalidParameterCombination',
      `The parameter ${name} cannot be used with the parameter maxResults`,
    );
  const wanted = parameters[name] as readonly string[];
  const missing = wanted.find((id) => !stored.some((resource) => resource.id === id));
  if (missing !== undefined)
    throw new ApiError(
      `Invalid${pascal(resourceType)}ID.NotFound`,
      `The ${list.idMember} '${missing}' does not exist`,
    );
  return stored.filter(({ id }) => wanted.includes(id));
}

function byFilters(stored: readonly StoredResource[], request: DescribeRequest): readonly StoredResource[] {
  const { parameters, list, model } = request;
  const members = new Map([...model.members(list.item).keys()].map((name) => [kebab(name), name]));
  const valueOf = (resource: StoredResource, member: string): unknown => itemOf(resource, request)[member];
  return filtersOf(parameters).reduce<readonly StoredResource[]>(
    (left, filter) => left.filter((resource) => passes(resource, filter, members, valueOf)),
    stored,
  );
}

/** `tag:KEY`, `tag-key`, and the item's own scalar members in lower case with dashes; anything else EC2 calls invalid. */
function passes(
  resource: StoredResource,
  filter: Filter,
  members: ReadonlyMap<string, string>,
  valueOf: (resource: StoredResource, member: string) => unknown,
): boolean {
  const { name } = filter;
  if (name.startsWith('tag:')) {
    const value = resource.tags.get(name.slice(4));
    return value !== undefined && matches(value, filter);
  }
  if (name === 'tag-key') return [...resource.tags.keys()].some((key) => matches(key, filter));
  const member = members.get(name);
  if (member === undefined) throw new ApiError('InvalidParameterValue', `The filter '${name}' is invalid`);
  const value = valueOf(resource, member);
  return typeof value === 'string' && matches(value, filter);
}

/** `Reservations.Instances`: one reservation for each instance, as when each was started alone. */
function nest(items: readonly Item[], [outer = '', inner]: readonly string[]): object {
  if (inner === undefined) return { [outer]: items };
  return { [outer]: items.map((item) => ({ [inner]: [item] })) };
}

function kebab(member: string): string {
  return member.replace(/(?<!^)(?=[A-Z])/g, '-').toLowerCase();
}
