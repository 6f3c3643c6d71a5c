import { RESOURCE_TYPE_TABLE } from './resource-type-table.js';

/** How resources of one type are listed; see the table for what the columns mean. */
export interface ResourceTypeSpec {
  readonly type: string;
  /** How its own operation lists it; null when only DescribeTags does. */
  readonly describe: DescribeSpec | null;
  /** What its ids begin with, the dash included; null when that is not known. */
  readonly idPrefix: string | null;
}

export interface DescribeSpec {
  /** `DescribeInstances`. */
  readonly operation: string;
  /** Member names from the reply to the items: `['Reservations', 'Instances']`. */
  readonly listPath: readonly string[];
  readonly idMember: string;
  readonly createdMember: string | null;
  /** MaxResults; null when the operation gives everything at once. */
  readonly pageSize: number | null;
  /** The filter that takes ids; null when there is none. */
  readonly idFilter: string | null;
  /** The input's name for filters. */
  readonly filterMember: 'Filter' | 'Filters';
  /** Asks for what is the account's own. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Operations that name their filters in the singular. */
const SINGULAR_FILTER = new Set([
  'DescribeFlowLogs',
  'DescribeHosts',
  'DescribeHostReservations',
  'DescribeNatGateways',
]);

/** Without these the public catalogues of all accounts would be listed. `IncludeDisabled`: a disabled image keeps its tags. */
const OWN_ONLY: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  DescribeImages: { Owners: ['self'], IncludeDisabled: true },
  DescribeSnapshots: { OwnerIds: ['self'] },
  DescribeFpgaImages: { Owners: ['self'] },
};

/** Every taggable EC2 resource type by its name in the API. */
export const RESOURCE_TYPES: ReadonlyMap<string, ResourceTypeSpec> = new Map(
  RESOURCE_TYPE_TABLE.trim()
    .split('\n')
    .slice(1)
    .map((line) => parseRow(line.trim().split(/\s+/)))
    .map((spec) => [spec.type, spec]),
);

/**
 * The types that an id may be of: the one whose prefix it has; every type with unknown prefix when it has none of the known.
 */
export function typesOfId(id: string): readonly ResourceTypeSpec[] {
  const known = [...RESOURCE_TYPES.values()].filter(
    ({ idPrefix }) =>
      idPrefix !== null && id.startsWith(idPrefix) && /^[0-9a-f-]+$/.test(id.slice(idPrefix.length)),
  );
  if (known.length > 0) return known;
  return [...RESOURCE_TYPES.values()].filter(({ idPrefix }) => idPrefix === null);
}

function parseRow(cells: readonly string[]): ResourceTypeSpec {
  const [type = '', name = '-', list = '=', id = '', prefix = '-', created = '-', page = '-', byId = 'no'] =
    cells;
  const idPrefix = prefix === '-' ? null : `${prefix}-`;
  if (name === '-') return { type, describe: null, idPrefix };
  const operation = `Describe${name}`;
  const describe: DescribeSpec = {
    operation,
    listPath: (list === '=' ? name : list).split('.'),
    idMember: id,
    createdMember: created === '-' ? null : created,
    pageSize: page === '-' ? null : Number(page),
    idFilter: byId === 'yes' ? kebab(id) : null,
    filterMember: SINGULAR_FILTER.has(operation) ? 'Filter' : 'Filters',
    input: OWN_ONLY[operation] ?? {},
  };
  return { type, describe, idPrefix };
}

function kebab(member: string): string {
  return member.replace(/(?<!^)(?=[A-Z])/g, '-').toLowerCase();
}
