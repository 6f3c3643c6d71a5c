import { HygieneError, type JsonObject, type ReadUnit, type Resource, type Tag } from '#core';
import type { DescribeSpec } from '../resource-types/resource-type.js';
import { managedBy } from './managed-by.js';

/** An item of a Describe reply, before anything is known of it. */
export type Item = Readonly<Record<string, unknown>>;

/** Gone, but listed for about an hour: neither can carry a fix. */
const GONE = new Set(['terminated', 'deleted']);

export interface ItemContext {
  readonly unit: ReadUnit & { readonly resourceType: string };
  readonly account: string;
  readonly describe: DescribeSpec;
}

/** The resource an item stands for; null when it is gone, or another account's that is shared with this one. */
export function toResource(item: Item, { unit, account, describe }: ItemContext): Resource | null {
  const id = item[describe.idMember];
  if (typeof id !== 'string' || id === '')
    throw new HygieneError(
      'REMOTE_REPLY_INVALID',
      `${describe.operation} in ${unit.scope} listed an item without ${describe.idMember}. If the target has an endpoint, check that EC2's API answers there.`,
    );
  const owner = item['OwnerId'];
  const state = stateOf(item);
  if (state !== null && GONE.has(state)) return null;
  if (typeof owner === 'string' && owner !== account) return null;
  const tags = tagsOf(item['Tags'] ?? item['TagSet']);
  const { scope, resourceType } = unit;
  const createdAt = dateOf(describe.createdMember === null ? null : item[describe.createdMember]);
  return {
    scope,
    resource: id,
    resourceType,
    createdAt,
    tags,
    managedBy: managedBy(tags),
    facts: factsOf(item, state),
  };
}

/** `[{ Key, Value }]` as tags; a value EC2 leaves out is the empty one. */
export function tagsOf(list: unknown): readonly Tag[] {
  if (!Array.isArray(list)) return [];
  const tags = new Map<string, Tag>();
  for (const entry of list as readonly Item[]) {
    const { Key: name, Value: value } = entry;
    if (typeof name === 'string')
      tags.set(name, { name, value: typeof value === 'string' ? value : '', digest: null, createdAt: null });
  }
  return [...tags.values()];
}

function factsOf(item: Item, state: string | null): JsonObject {
  const metadata = (item['MetadataOptions'] as Item | undefined)?.['InstanceMetadataTags'];
  return {
    ...(state === null ? {} : { state }),
    ...(typeof metadata === 'string' ? { instanceMetadataTags: metadata } : {}),
  };
}

/** `State` is a word on most types, `{ Name }` on instances and `{ Code }` elsewhere; some types call it `Status`. */
function stateOf(item: Item): string | null {
  const state = item['State'] ?? item['Status'];
  if (typeof state === 'string') return state;
  if (typeof state !== 'object' || state === null) return null;
  const { Name: name, Code: code } = state as Item;
  return [name, code].find((word): word is string => typeof word === 'string') ?? null;
}

function dateOf(value: unknown): Date | null {
  const date = value instanceof Date ? value : typeof value === 'string' ? new Date(value) : null;
  return date === null || Number.isNaN(date.getTime()) ? null : date;
}
