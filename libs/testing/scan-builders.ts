import type { DetectedFinding, OwnerOf, ReadUnit, Resource, Tag } from '#core';
import type {
  Database,
  FindingCounts,
  NewTarget,
  RulePackRef,
  ScanRecord,
  ScanSession,
  SparedTag,
  TargetRecord,
} from '#application';

/** One finding as `recordFindings` takes it. */
export type FoundFault = DetectedFinding & { readonly id: string };

export function aTarget(overrides: Partial<NewTarget> = {}): NewTarget {
  return {
    name: `target ${crypto.randomUUID()}`,
    platform: 'ec2',
    location: 'eu-central-1',
    config: { regions: ['eu-central-1'] },
    credentialId: null,
    rulePacks: null,
    mode: 'READ_ONLY',
    labels: [],
    ...overrides,
  };
}

/** A label, or with a digest a pointer. */
export function aTag(name: string, value: string | null = 'value', digest: string | null = null): Tag {
  return { name, value: digest === null ? value : null, digest, createdAt: null };
}

export function aResource(
  resource: string,
  tags: readonly Tag[] = [],
  overrides: Partial<Resource> = {},
): Resource {
  return {
    scope: 'eu-central-1',
    resource,
    resourceType: 'instance',
    createdAt: null,
    tags,
    managedBy: null,
    facts: {},
    ...overrides,
  };
}

export function aFault(id: string, overrides: Partial<FoundFault> = {}): FoundFault {
  return {
    id,
    rulePack: 'labels',
    ruleId: 'spelling',
    severity: 'medium',
    scope: 'eu-central-1',
    resource: 'i-1',
    resourceType: 'instance',
    tag: 'enviroment',
    value: 'prod',
    discriminator: '',
    message: 'The key "enviroment" is a misspelling of "environment".',
    suggestion: 'rename it to "environment"',
    changes: [{ change: 'rename', from: 'enviroment', to: 'environment', value: 'prod' }],
    fixable: true,
    blocked: false,
    fixAtSource: null,
    evidence: { distance: 1 },
    ...overrides,
  };
}

/** What one scan reads of one unit. */
export interface UnitReading {
  readonly unit: ReadUnit;
  readonly resources?: readonly Resource[];
  readonly faults?: readonly FoundFault[];
  /** false: the unit was not read to its end. */
  readonly complete?: boolean;
  /** What could not be judged. */
  readonly spared?: readonly SparedTag[];
}

export interface ScanScript {
  readonly targetId: string;
  readonly units: readonly UnitReading[];
  readonly rules?: readonly { readonly rulePack: string; readonly ruleId: string }[];
  readonly storedRules?: readonly { readonly rulePack: string; readonly ruleId: string }[];
  readonly resources?: readonly string[] | null;
  readonly ownerTag?: string | null;
  readonly ownerOf?: OwnerOf | null;
  readonly at?: Date;
}

export const DEFAULT_RULES = [{ rulePack: 'labels', ruleId: 'spelling' }];

/** Queues, claims, writes and finishes one scan, as a worker would. */
export async function runScan(
  database: Database,
  script: ScanScript,
): Promise<{ scan: ScanRecord; counts: FindingCounts }> {
  const { targetId, units, resources = null, storedRules = script.rules ?? DEFAULT_RULES } = script;
  const { session, scan, owner } = await startScan(database, script);
  for (const reading of units) await readUnit(session, reading);
  const counts = await session.finish(storedRules);
  const finished = await database.stores.scans.finish(scan.id, owner, {
    status: 'SUCCEEDED',
    progress: { done: units.length, total: units.length, resources: 0, tags: 0 },
    rulePacks: packsOf(script.rules ?? DEFAULT_RULES),
    counts,
    notEvaluated: [],
    errors: [],
  });
  if (finished === null) throw new Error(`the scan of ${targetId} limited to ${String(resources)} was lost`);
  await database.stores.targets.refreshScore(targetId, script.at ?? finished.finishedAt ?? new Date());
  return { scan: finished, counts };
}

/** Tagward's own rules are of no pack. */
function packsOf(rules: NonNullable<ScanScript['rules']>): RulePackRef[] {
  const names = new Set(rules.map(({ rulePack }) => rulePack));
  names.delete('tagward');
  return [...names].map((name) => ({ name, version: 1 }));
}

export async function startScan(
  database: Database,
  script: Omit<ScanScript, 'units'>,
): Promise<{ session: ScanSession; scan: ScanRecord; owner: string }> {
  const { targetId, rules = DEFAULT_RULES, resources = null, ownerTag = null, ownerOf = null } = script;
  const owner = crypto.randomUUID();
  await database.stores.scans.enqueue({ targetId, trigger: 'MANUAL', rulePacks: null, scopes: resources });
  const claimed = await database.stores.scans.claim(targetId, owner);
  if (claimed === null) throw new Error(`the target ${targetId} has a scan that runs already`);
  const at = script.at ?? claimed.scan.startedAt ?? new Date();
  const request = { scanId: claimed.scan.id, targetId, at, rules, resources, ownerTag, ownerOf };
  return { session: await database.openScanSession(request), scan: claimed.scan, owner };
}

export async function readUnit(session: ScanSession, reading: UnitReading): Promise<void> {
  const { unit, resources = [], faults = [], complete = true, spared = [] } = reading;
  await session.recordResources(unit, resources);
  await session.recordFindings(unit, faults);
  const rules = [...new Set(spared.map(({ rule }) => rule))];
  if (complete) await session.completeUnit(unit, { rules, tags: () => spared });
}

/** A target that is stored; for tests that need one and nothing special of it. */
export async function storedTarget(
  database: Database,
  overrides: Partial<NewTarget> = {},
): Promise<TargetRecord> {
  return database.stores.targets.insert(aTarget(overrides));
}
