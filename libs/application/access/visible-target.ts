import { notFound } from '#core';
import type { TargetStore } from '../ports/stores.js';
import type { Viewer } from '../records/access.js';
import type { TargetRecord } from '../records/target.js';

export function isVisible(viewer: Viewer, targetId: string): boolean {
  return viewer.targetIds === null || viewer.targetIds.includes(targetId);
}

/** The target, or NOT_FOUND: one that the viewer may not see and one that never was answer alike. */
export async function visibleTarget(
  targets: Pick<TargetStore, 'find'>,
  viewer: Viewer,
  id: string,
): Promise<TargetRecord> {
  const target = isVisible(viewer, id) ? await targets.find(id) : null;
  if (target === null) throw notFound('target', id);
  return target;
}

/** As `visibleTarget`, for a record of a target: scans, findings. */
export function visibleRecord<T extends { readonly targetId: string }>(
  viewer: Viewer,
  record: T | null,
): T | null {
  return record !== null && isVisible(viewer, record.targetId) ? record : null;
}
