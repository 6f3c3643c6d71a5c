import { byCodeUnit } from '../../matchers/ascii-case.js';
import type { Tag, UntaggedManifest } from '../../model/resource.js';
import type { Candidates } from '../../retention/candidates.js';
import type { Candidate } from '../../retention/retention.js';
import { dateOf, type AgeOf, type TagDate } from '../age.js';
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
export class SubjectCandidates implements Candidates {
  private readonly untagged: readonly UntaggedManifest[];

  constructor(
    private readonly subject: Subject,
    private readonly selection: Selection,
    private readonly claims: Claims,
  ) {
    this.untagged = selection.untagged === 'exclude' ? [] : freeManifests(subject);
  }

  get length(): number {
    return this.subject.resource.tags.length + this.untagged.length;
  }

  at(index: number): Candidate | undefined {
    const { tags } = this.subject.resource;
    const tag = tags.at(index);
    if (tag !== undefined) return new TagCandidate(tag, this.subject, this.selection, this.claims);
    const manifest = this.untagged[index - tags.length];
    return manifest && this.nameless(manifest);
  }

  private nameless(manifest: UntaggedManifest): Candidate {
    const tag = asTag(manifest);
    return {
      name: null,
      digest: manifest.digest,
      ...NO_GROUP,
      standing: this.claims.hasUntagged || this.subject.isProtected(manifest.digest) ? 'held' : 'decided',
      date: (of) => dateOf(tag, of),
    };
  }
}

/** Also of tags that no rule judges: a signature's tag may stand at the same manifest as another one. What is costly to say waits until it is asked for. */
class TagCandidate implements Candidate {
  constructor(
    private readonly tag: Tag,
    private readonly subject: Subject,
    private readonly selection: Selection,
    private readonly claims: Claims,
  ) {}

  get name(): string {
    return this.tag.name;
  }

  get digest(): string | null {
    return this.tag.digest;
  }

  get group(): string | null {
    return this.grouped().group;
  }

  get version(): string {
    return this.grouped().version;
  }

  get standing(): Candidate['standing'] {
    if (!this.isSelected()) return 'outside';
    const { name } = this.tag;
    return this.claims.hasTag(name) || this.subject.isProtected(name) ? 'held' : 'decided';
  }

  date(of: AgeOf): TagDate {
    return dateOf(this.tag, of);
  }

  private isSelected(): boolean {
    const { name } = this.tag;
    const { untagged, selects } = this.selection;
    return untagged !== 'only' && !this.subject.isReserved(name) && selects(name);
  }

  private grouped(): Grouped {
    return this.isSelected() ? this.selection.grouping(this.tag.name) : NO_GROUP;
  }
}

const NO_GROUP: Grouped = { group: null, version: '' };

/**
 * Manifests without a tag that nothing holds. What something holds is left out, whatever becomes of the holder: an index goes
 * before what it lists, and what points at something that nobody has seen is not ours to judge.
 */
function freeManifests({ resource }: Subject): readonly UntaggedManifest[] {
  const free = new Map<string, UntaggedManifest>();
  for (const manifest of resource.untagged ?? [])
    if (manifest.heldBy.length === 0) free.set(manifest.digest, manifest);
  for (const { digest } of resource.tags) free.delete(digest ?? '');
  return [...free.values()].sort((a, b) => byCodeUnit(a.digest, b.digest));
}
