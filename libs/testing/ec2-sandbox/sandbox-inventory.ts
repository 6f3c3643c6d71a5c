import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';
import type { SandboxAccount, SandboxKey } from './sandbox-account.js';
import type { SandboxResource } from './sandbox-store.js';

export interface SandboxInventory {
  readonly accounts: readonly SandboxAccount[];
  readonly resources: readonly SandboxResource[];
  readonly regions: readonly string[];
  readonly accessKey: SandboxKey;
}

type Tagged = readonly [resourceType: string, tags: Readonly<Record<string, string>>];

const ACCOUNT = '123456789012';
const REGIONS = ['eu-west-1', 'us-east-1'] as const;
const ACCESS_KEY = {
  accessKeyId: 'AKIASANDBOXSANDBOX01',
  secretAccessKey: 'only-for-the-sandbox-of-the-quickstart-01',
};
const FIXTURE = 'libs/testing/fixtures/ec2-tags.jsonl';
const FIRST_DAY = Date.UTC(2023, 0, 9, 8);
const DAY_MS = 86_400_000;

const ID_PREFIX: Readonly<Record<string, string>> = {
  instance: 'i',
  volume: 'vol',
  snapshot: 'snap',
  image: 'ami',
  'security-group': 'sg',
  vpc: 'vpc',
  subnet: 'subnet',
  'network-interface': 'eni',
  'elastic-ip': 'eipalloc',
  'route-table': 'rtb',
};

/** A misspelt key; beside the right one on some, with the same value once and with another twice. */
const MISSPELT: readonly Tagged[] = [
  ['instance', { Name: 'checkout-1', enviroment: 'production', Owner: 'payments' }],
  ['instance', { Name: 'checkout-2', enviroment: 'production', Owner: 'payments' }],
  ['instance', { Name: 'search-1', enviroment: 'staging' }],
  ['instance', { Name: 'search-2', Enviroment: 'staging' }],
  ['volume', { Name: 'checkout-data', enviroment: 'production' }],
  ['security-group', { Name: 'checkout-web', enviroment: 'production' }],
  ['instance', { Name: 'reports-1', enviroment: 'production', environment: 'production' }],
  ['instance', { Name: 'reports-2', enviroment: 'production', environment: 'staging' }],
  ['volume', { Name: 'reports-data', enviroment: 'test', environment: 'development' }],
];

/** Keys of a project that ended, left on what outlived it. */
const STALE: readonly Tagged[] = [
  [
    'instance',
    { Name: 'gateway-1', environment: 'production', 'phoenix-team': 'ashes', 'phoenix-phase': '2' },
  ],
  ['volume', { Name: 'gateway-data', 'phoenix-team': 'ashes', legacy_app: 'crm' }],
  ['snapshot', { Name: 'gateway-2023-01', 'phoenix-cutover': '2023-03-01' }],
  ['security-group', { Name: 'crm-web', legacy_app: 'crm' }],
  ['vpc', { Name: 'shared-services', 'phoenix-owner': 'program-office', environment: 'production' }],
];

const EMPTY: readonly Tagged[] = [
  ['instance', { Name: 'batch-1', environment: 'production', Owner: '' }],
  ['instance', { Name: 'batch-2', environment: '', Owner: 'data' }],
  ['volume', { Name: '', Owner: 'data' }],
  ['snapshot', { Name: 'batch-2024-02', CostCenter: ' ' }],
  ['subnet', { Name: 'private-a', environment: 'production', CostCenter: '' }],
];

const UNTAGGED: readonly Tagged[] = [
  ...['instance', 'volume', 'volume', 'volume', 'snapshot', 'snapshot'],
  ...[
    'network-interface',
    'network-interface',
    'security-group',
    'subnet',
    'route-table',
    'elastic-ip',
    'image',
  ],
].map((type) => [type, {}] as const);

/** Tags whose keys a service depends on, and what re-creates its tags by itself: no fix may touch these. */
const MANAGED: readonly Tagged[] = [
  [
    'instance',
    { Name: 'worker-1', 'kubernetes.io/cluster/main': 'owned', 'karpenter.sh/nodepool': 'default' },
  ],
  ['instance', { Name: 'web-1', 'aws:autoscaling:groupName': 'web', enviroment: 'production' }],
  ['volume', { Name: 'state', ManagedBy: 'terraform', environment: 'production' }],
];

/**
 * What the quickstart shows: real tag sets of EC2 resources and the faults that everybody knows, in two regions of one account.
 * The same at every call, so that a second start finds the first one's inventory.
 */
export function sandboxInventory(): SandboxInventory {
  const made = [...MISSPELT, ...STALE, ...EMPTY, ...UNTAGGED, ...MANAGED];
  const resources = [...realTagSets(), ...made].map(toResource);
  const account = { id: ACCOUNT, keys: [ACCESS_KEY], roles: [{ name: 'tagward', externalId: 'sandbox' }] };
  return { accounts: [account], resources, regions: REGIONS, accessKey: ACCESS_KEY };
}

function toResource([resourceType, tags]: Tagged, n: number): SandboxResource {
  const digest = createHash('sha256').update(`${resourceType} ${n}`).digest('hex');
  return {
    resourceType,
    id: `${ID_PREFIX[resourceType] ?? resourceType}-0${digest.slice(0, 16)}`,
    region: REGIONS[n % REGIONS.length] ?? REGIONS[0],
    tags,
    createdAt: new Date(FIRST_DAY + n * 5 * DAY_MS),
  };
}

function realTagSets(): readonly Tagged[] {
  return readFileSync(join(packageRoot(), FIXTURE), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { resourceType: string; tags: Record<string, string> })
    .map(({ resourceType, tags }) => [resourceType, tags]);
}
