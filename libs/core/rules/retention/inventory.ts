import { byCodeUnit } from '../../matchers/ascii-case.js';
import type { Tag, UntaggedManifest } from '../../model/resource.js';
import type { Candidate } from '../../retention/retention.js';
import { dateOf } from '../age.js';
import type { Subject } from '../judge.js';
import type { Claims } from './claims.js';
import type { Grouped } from './grouping.js';

export interface Selection {
  /** Does the rule decide over tags of this name, as far as its own fields say? */
  readonly selects: (name: string) => boolean;
  readonly untagged: 'exclude' | 'include' | 'only';
  readonly grouping: (name: string) => Grouped;
}

/** A rule looks at a tag's facts only, whatever else the tag is. */
const asTag = ({ digest, createdAt, pushedAt }: UntaggedManifest): Tag => ({
  name: digest,
  value: null,
  digest,
  createdAt,
  pointer: pushedAt === null ? {} : { pushedAt },
});

/** Everything of a resource that a rule may decide, and what it may not, each with its standing. */
export function candidatesOf(subject: Subject, selection: Selection, claims: Claims): Candidate[] {
  return [...tagged(subject, selection, claims), ...untagged(subject, selection, claims)];
}

/** Also the tags that no rule judges: a signature's tag may stand at the same manifest as another one. */
function tagged(
  subject: Subject,
  { selects, untagged: which, grouping }: Selection,
  claims: Claims,
): Candidate[] {
  const judged = which === 'only' ? new Set<Tag>() : new Set(subject.tags);
  return subject.resource.tags.map((tag): Candidate => {
    const { name, digest } = tag;
    const isSelected = judged.has(tag) && selects(name);
    const { group, version } = isSelected ? grouping(name) : NO_GROUP;
    const isHeld = isSelected && (claims.hasTag(name) || subject.isProtected(name));
    return {
      name,
      digest,
      group,
      version,
      standing: isSelected ? (isHeld ? 'held' : 'decided') : 'outside',
      date: (of) => dateOf(tag, of),
    };
  });
}

const NO_GROUP: Grouped = { group: null, version: '' };

/**
 * Manifests without a tag that nothing holds. What something holds is left out, whatever becomes of the holder: an index goes
 * before what it lists, and what points at something that nobody has seen is not ours to judge.
 */
function untagged(subject: Subject, { untagged: which }: Selection, claims: Claims): Candidate[] {
  const { resource } = subject;
  if (which === 'exclude') return [];
  const tags = new Set(resource.tags.map(({ digest }) => digest));
  return [...(resource.untagged ?? [])]
    .filter(({ digest, heldBy }) => heldBy.length === 0 && !tags.has(digest))
    .sort((a, b) => byCodeUnit(a.digest, b.digest))
    .map((manifest): Candidate => {
      const tag = asTag(manifest);
      return {
        name: null,
        digest: manifest.digest,
        ...NO_GROUP,
        standing: claims.hasUntagged || subject.isProtected(manifest.digest) ? 'held' : 'decided',
        date: (of) => dateOf(tag, of),
      };
    });
}
