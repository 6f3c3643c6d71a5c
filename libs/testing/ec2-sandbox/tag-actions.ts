import { ApiError } from './api-error.js';
import { filtersOf, matches, type Filter } from './filters.js';
import { pageOf } from './pages.js';
import type { Parameters } from './read-parameters.js';
import type { SandboxStore, StoredResource } from './sandbox-store.js';

export interface TagRequest {
  readonly store: SandboxStore;
  readonly account: string;
  readonly region: string;
  readonly parameters: Parameters;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
const TAGS_MAX = 50;
const KEY_MAX = 128;
const VALUE_MAX = 256;
const RESOURCES_MAX = 1_000;

interface GivenTag {
  readonly Key?: string;
  readonly Value?: string;
}

/** One row for each tag of each resource: what carries none is not there. */
export function describeTags({ store, account, region, parameters }: TagRequest): object {
  const filters = filtersOf(parameters);
  const rows = store
    .all(account, region)
    .filter(({ sharedBy }) => sharedBy === undefined)
    .flatMap(({ id, resourceType, tags }) =>
      [...tags].map(([Key, Value]) => ({ Key, Value, ResourceId: id, ResourceType: resourceType })),
    )
    .filter((row) => filters.every((filter) => rowPasses(row, filter)));
  const { items, nextToken } = pageOf(rows, 'DescribeTags', parameters);
  return { Tags: items, ...(nextToken === null ? {} : { NextToken: nextToken }) };
}

/** All or nothing: one bad id or tag and no resource is changed. An existing key gets the new value. */
export function createTags({ store, account, region, parameters }: TagRequest): object {
  const resources = resourcesOf({ store, account, region, parameters });
  const tags = ((parameters['Tags'] ?? []) as readonly GivenTag[]).map(checkedTag);
  for (const { id, tags: held } of resources) {
    const user = [...held.keys(), ...tags.map(({ key }) => key)].filter((key) => !isReserved(key));
    if (new Set(user).size > TAGS_MAX)
      throw new ApiError(
        'TagLimitExceeded',
        `The maximum number of tags (${TAGS_MAX}) is reached for the resource ${id}`,
      );
  }
  for (const { tags: held } of resources) for (const { key, value } of tags) held.set(key, value);
  return {};
}

/**
 * With key and value a tag goes only when its value is that one (the empty string is a value); with the key alone it goes whatever
 * its value; with no tags at all every tag of the user's goes. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html
 */
export function deleteTags({ store, account, region, parameters }: TagRequest): object {
  const resources = resourcesOf({ store, account, region, parameters });
  const given = (parameters['Tags'] ?? []) as readonly GivenTag[];
  for (const { Key: key } of given) refuseReserved(key ?? '');
  for (const { tags } of resources) {
    if (given.length === 0)
      for (const key of [...tags.keys()].filter((name) => !isReserved(name))) tags.delete(key);
    for (const { Key: key = '', Value: value } of given)
      if (value === undefined || tags.get(key) === value) tags.delete(key);
  }
  return {};
}

function resourcesOf({ store, account, region, parameters }: TagRequest): readonly StoredResource[] {
  const ids = (parameters['Resources'] ?? []) as readonly string[];
  if (ids.length > RESOURCES_MAX)
    throw new ApiError('InvalidParameterValue', `A request can name at most ${RESOURCES_MAX} resources`);
  return ids.map((id) => store.find(account, region, id));
}

function checkedTag({ Key: key, Value: value = '' }: GivenTag): { key: string; value: string } {
  if (key === undefined || key === '')
    throw new ApiError('InvalidParameterValue', 'Tag keys cannot be empty');
  refuseReserved(key);
  if (key.length > KEY_MAX)
    throw new ApiError(
      'InvalidParameterValue',
      `Tag key exceeds the maximum length of ${KEY_MAX} characters`,
    );
  if (value.length > VALUE_MAX)
    throw new ApiError(
      'InvalidParameterValue',
      `Tag value exceeds the maximum length of ${VALUE_MAX} characters`,
    );
  return { key, value };
}

function refuseReserved(key: string): void {
  if (isReserved(key))
    throw new ApiError(
      'InvalidParameterValue',
      `Tag keys starting with 'aws:' are reserved for internal use`,
    );
}

function isReserved(key: string): boolean {
  return /^aws:/i.test(key);
}

function rowPasses(
  row: { Key: string; Value: string; ResourceId: string; ResourceType: string },
  filter: Filter,
): boolean {
  const { name } = filter;
  if (name === 'key') return matches(row.Key, filter);
  if (name === 'value') return matches(row.Value, filter);
  if (name === 'resource-id') return matches(row.ResourceId, filter);
  if (name === 'resource-type') return matches(row.ResourceType, filter);
  if (name.startsWith('tag:')) return row.Key === name.slice(4) && matches(row.Value, filter);
  throw new ApiError('InvalidParameterValue', `The filter '${name}' is invalid`);
}
