import type { DetectedFinding } from '../model/finding.js';
import type { TagKind } from '../model/platform.js';
import type { PointerFacts, Tag } from '../model/resource.js';
import { applyFixes } from './apply-fixes.js';
import { applyPointerFixes } from './apply-pointer-fixes.js';

/** The tags of one resource once every fix of its findings is made that may be made, as the next scan would read them. */
export function mendTags(
  kind: TagKind,
  tags: readonly Tag[],
  findings: readonly DetectedFinding[],
): readonly Tag[] {
  return kind === 'label' ? mendLabels(tags, findings) : mendPointers(tags, findings);
}

function mendLabels(tags: readonly Tag[], findings: readonly DetectedFinding[]): readonly Tag[] {
  const labels = new Map(tags.map(({ name, value }) => [name, value ?? '']));
  return [...applyFixes(labels, findings)].map(([name, value]) => ({
    name,
    value,
    digest: null,
    createdAt: null,
  }));
}

function mendPointers(tags: readonly Tag[], findings: readonly DetectedFinding[]): readonly Tag[] {
  const before = new Map(tags.map((tag) => [tag.name, tag]));
  const byDigest = new Map([...tags].reverse().map((tag) => [tag.digest, tag]));
  const names = new Map(tags.map(({ name, digest }) => [name, digest]));
  return [...applyPointerFixes(names, findings)].map(([name, digest]): Tag => {
    const same = before.get(name);
    if (same?.digest === digest) return same;
    const sibling = byDigest.get(digest);
    const was = same?.pointer?.was;
    const pointer = {
      ...(sibling?.pointer && contentFacts(sibling.pointer)),
      ...(was === undefined ? {} : { was }),
    };
    return { name, value: null, digest, createdAt: sibling?.createdAt ?? null, pointer };
  });
}

/** Facts of a name rather than of the object that it leads to. */
const OF_THE_NAME: ReadonlySet<string> = new Set<keyof PointerFacts>([
  'was',
  'cameBack',
  'elsewhere',
  'firstSeenAt',
  'tagPushedAt',
]);

const contentFacts = (facts: PointerFacts): PointerFacts =>
  Object.fromEntries(Object.entries(facts).filter(([fact]) => !OF_THE_NAME.has(fact)));
