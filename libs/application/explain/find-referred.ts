import { HygieneError, lookFor, readReference, type Explained, type ReferenceQuery } from '#core';
import type { OperationInput } from '../operations/catalog.js';
import type { ReferenceIndex, Referred } from '../ports/reference-index.js';
import type { TargetRecord } from '../records/target.js';

/** Candidates that an error lists. */
const MOST_LISTED = 10;
/** Rows read for one query: names of one content may be many. */
const MOST_READ = 200;

/** What was meant: where it is, and the tag's name, or the content's digest, or neither for the resource. */
export interface Meant {
  readonly place: Referred;
  readonly name: Explained['name'];
  readonly digest: Explained['digest'];
}

type Asked = Pick<OperationInput<'explainTag'>, 'reference' | 'resource' | 'name'>;

/** @throws HygieneError NOT_FOUND when nothing of the target is meant, INPUT_INVALID with candidates when several things may be */
export async function findReferred(
  index: ReferenceIndex,
  target: TargetRecord,
  asked: Asked,
): Promise<Meant> {
  for (const query of queriesFor(target, asked)) {
    const rows = await index.referred(target.id, query, MOST_READ);
    if (rows.length > 0) return meant(query, rows, asked);
  }
  throw new HygieneError(
    'NOT_FOUND',
    `Nothing that the last scans of ${JSON.stringify(target.name)} saw is called ${describe(asked)}.`,
  );
}

function queriesFor(target: TargetRecord, { reference, resource, name }: Asked): readonly ReferenceQuery[] {
  if (reference !== undefined) return readReference(target.platform, reference, hostOf(target));
  const resources = resource === undefined ? null : [resource];
  return [
    name === undefined ? lookFor('resource', { resources }) : lookFor('tag', { resources, names: [name] }),
  ];
}

function meant({ means, digestPrefix }: ReferenceQuery, rows: readonly Referred[], asked: Asked): Meant {
  const [first, other] = rows;
  if (first === undefined) throw new RangeError('nothing was found');
  if (means !== 'content' && other === undefined) return { place: first, name: first.name, digest: null };
  const isOneContent =
    digestPrefix !== null && first.digest !== null && rows.every((row) => isSameContent(row, first));
  if (isOneContent) return { place: first, name: null, digest: first.digest };
  throw ambiguous(means, rows, asked);
}

const isSameContent = (one: Referred, other: Referred): boolean =>
  one.digest === other.digest && one.resource === other.resource && one.scope === other.scope;

function ambiguous(means: ReferenceQuery['means'], rows: readonly Referred[], asked: Asked): HygieneError {
  const all = [...new Set(rows.map((row) => candidate(means, row)))];
  const candidates = all.slice(0, MOST_LISTED);
  const more = all.length > MOST_LISTED ? ' and more' : '';
  const message = `${describe(asked)} may be any of ${candidates.join(', ')}${more}; say which, or give resource and name.`;
  return new HygieneError('INPUT_INVALID', message, {
    details: { candidates },
    faults: [{ path: asked.reference === undefined ? 'resource' : 'reference', message }],
  });
}

function candidate(means: ReferenceQuery['means'], { resource, name, digest }: Referred): string {
  if (means === 'content') return JSON.stringify(`${resource}@${digest ?? ''}`);
  return name === null ? JSON.stringify(resource) : `${JSON.stringify(name)} of ${JSON.stringify(resource)}`;
}

function describe({ reference, resource, name }: Asked): string {
  if (reference !== undefined) return JSON.stringify(reference);
  return name === undefined
    ? JSON.stringify(resource ?? '')
    : `${JSON.stringify(name)} of ${JSON.stringify(resource ?? '')}`;
}

/** Where a target of one address is. */
export function addressOf({ config }: TargetRecord): string | null {
  const url = config['url'];
  return typeof url === 'string' ? url : null;
}

function hostOf(target: TargetRecord): string | null {
  const address = addressOf(target);
  return address !== null && URL.canParse(address) ? new URL(address).host : null;
}
