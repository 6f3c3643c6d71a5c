import type { ReportedFinding } from './reported-findings.js';

/** A field as it is: empty text is a value, null is none. */
export type FieldValue = string | number | boolean | Date | null;

export interface FindingField<Name extends string = string> {
  /** As the JSON file spells it. */
  readonly name: Name;
  readonly value: (row: ReportedFinding) => FieldValue;
}

const field = <const Name extends string>(name: Name, value: FindingField['value']): FindingField<Name> => ({
  name,
  value,
});

/** The columns of the files that spreadsheets open, in their order. New ones go last. */
export const FINDING_FIELDS = [
  field('severity', ({ finding }) => finding.severity.toUpperCase()),
  field('state', ({ finding }) => finding.state),
  field('platform', ({ platform }) => platform?.toUpperCase() ?? null),
  field('target', ({ target }) => target),
  field('scope', ({ finding }) => finding.scope),
  field('resource', ({ finding }) => finding.resource),
  field('resourceType', ({ finding }) => finding.resourceType),
  field('tag', ({ finding }) => finding.tag),
  field('value', ({ finding }) => finding.value),
  field('message', ({ finding }) => finding.message),
  field('suggestion', ({ finding }) => finding.suggestion),
  field('fixable', ({ finding }) => finding.fixable),
  field('blocked', ({ finding }) => finding.blocked),
  field('fixAtSource', ({ finding }) => finding.fixAtSource),
  field('rulePack', ({ finding }) => finding.rulePack),
  field('ruleId', ({ finding }) => finding.ruleId),
  field('firstSeenAt', ({ finding }) => finding.firstSeenAt),
  field('lastSeenAt', ({ finding }) => finding.lastSeenAt),
  field('resolvedAt', ({ finding }) => finding.resolvedAt),
  field('timesReopened', ({ finding }) => finding.timesReopened),
  field('flapping', ({ finding }) => finding.flapping),
  field('suppressionReason', ({ finding }) => finding.suppression?.reason ?? null),
  field('suppressionBy', ({ finding }) => finding.suppression?.by ?? null),
  field('suppressionUntil', ({ finding }) => finding.suppression?.until ?? null),
  field('targetId', ({ finding }) => finding.targetId),
  field('id', ({ finding }) => finding.id),
];

export type FindingFieldName = (typeof FINDING_FIELDS)[number]['name'];
