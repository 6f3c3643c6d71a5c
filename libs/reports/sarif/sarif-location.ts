import type { FindingRecord, TargetRecord } from '#application';
import type { Location, LogicalLocation } from 'sarif';

type Place = Pick<FindingRecord, 'scope' | 'resource' | 'resourceType' | 'tag'>;

/** Where a finding is: a path for consumers that know files only, and what it really is as logical locations. */
export function locationOf(target: TargetRecord, place: Place): Location {
  return {
    physicalLocation: {
      artifactLocation: { uri: pathOf(target, place.scope, place.resource) },
      // GitHub shows no result without a line.
      region: { startLine: 1 },
    },
    logicalLocations: logicalLocations(target, place),
  };
}

/** A part of the target that could not be read. */
export function scopeLocation(target: TargetRecord, scope: string): Location {
  const fullyQualifiedName = `${target.platform}://${target.name}/${scope}`;
  return { logicalLocations: [{ name: scope, fullyQualifiedName, kind: 'scope' }] };
}

/**
 * `platform/target/scope/resource` as a relative reference (RFC 3986). Not `platform://…`: GitHub refuses a whole file for one absolute
 * URI that is not of the scheme `file`. It names no file on purpose; a part that a path would lose (`.`, `..`, nothing) gets a tilde.
 */
function pathOf({ platform, name }: TargetRecord, scope: string | null, resource: string): string {
  const parts = [platform, name, ...(scope === null || scope === resource ? [] : scope.split('/'))];
  return [...parts, ...resource.split('/')]
    .map((part) => encodeURIComponent(/^\.{0,2}$/.test(part) ? `~${part}` : part.toWellFormed()))
    .join('/');
}

function logicalLocations(
  target: TargetRecord,
  { scope, resource, resourceType, tag }: Place,
): LogicalLocation[] {
  const where = `${target.platform}://${target.name}/${scope === null || scope === resource ? '' : `${scope}/`}`;
  const owner = { name: resource, fullyQualifiedName: `${where}${resource}`, kind: resourceType };
  if (tag === null) return [owner];
  return [{ name: tag, fullyQualifiedName: `${where}${resource}#${tag}`, kind: 'tag' }, owner];
}
