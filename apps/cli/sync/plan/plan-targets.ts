import { CONNECTORS } from '#connectors';
import type { JsonObject } from '#core';
import type { TargetRow } from '../../api/rows.js';
import type { DeclaredTarget } from '../files/declared.js';
import type { ServerState } from '../server-state.js';
import { differences } from './differences.js';
import { inOrder } from './label-order.js';
import type { TargetStep } from './step.js';

export function planTargets(
  declared: readonly DeclaredTarget[],
  { targets, credentials }: Pick<ServerState, 'targets' | 'credentials'>,
  prune: boolean,
): TargetStep[] {
  const steps = declared.map((target) => planTarget(target, targets.get(target.name) ?? null, credentials));
  const kept = new Set(declared.map(({ name }) => name));
  const pruned = prune ? [...targets.values()].filter(({ name }) => !kept.has(name)) : [];
  return [...steps, ...pruned.map(removed)];
}

function planTarget(
  declared: DeclaredTarget,
  current: TargetRow | null,
  credentials: ServerState['credentials'],
): TargetStep {
  const step = { kind: 'target', name: declared.name, declared, current, notes: [] } as const;
  if (current === null) return { ...step, action: 'create', differences: [] };
  const found = differences(currentFields(current, credentials), declaredFields(declared, credentials));
  return { ...step, action: found.length === 0 ? 'unchanged' : 'update', differences: found };
}

type Credentials = ServerState['credentials'];

/** Without the list of credentials nobody knows their names: they are left out on both sides. */
function declaredFields(target: DeclaredTarget, credentials: Credentials) {
  const { mode, credential, rulePacks, labels, platform, config } = target;
  return {
    mode,
    ...(credentials === null ? {} : { credential }),
    rulePacks,
    labels: inOrder(labels),
    [platform]: config,
  };
}

function currentFields(target: TargetRow, credentials: Credentials): Record<string, unknown> {
  const { mode, credentialId, rulePacks, labels, platform, config } = target;
  return {
    mode,
    ...(credentials === null ? {} : { credential: nameOf(credentialId, credentials) }),
    rulePacks,
    labels: inOrder(labels),
    [platform]: canonical(target, config),
  };
}

function nameOf(id: string | null, credentials: NonNullable<Credentials>): string | null {
  return id === null ? null : ([...credentials.values()].find((row) => row.id === id)?.name ?? id);
}

/** An older version may have stored what this one writes in another way. */
function canonical({ platform }: TargetRow, config: JsonObject): JsonObject {
  const read = CONNECTORS[platform]?.descriptor.config.safeParse(config);
  return read?.success === true ? (JSON.parse(JSON.stringify(read.data)) as JsonObject) : config;
}

function removed(current: TargetRow): TargetStep {
  const { name, openFindings } = current;
  const notes = [`Its inventory, its scans and its findings (${openFindings} open) go with it, for good.`];
  return { kind: 'target', name, action: 'delete', declared: null, current, differences: [], notes };
}
