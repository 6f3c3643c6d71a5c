import type { Platform } from '../model/platform.js';
import type { Resource } from '../model/resource.js';
import type { EvaluationContext } from '../policy/policy.js';

export const DECISIONS = ['KEEP', 'FIX', 'UNTAG', 'PURGE', 'UNKNOWN'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What one rule, or one protector, says of what is explained. */
export interface ExplainedVerdict {
  /** null: a protector. */
  readonly ruleId: string | null;
  /** null: a built-in protector. */
  readonly rulePack: string | null;
  readonly decision: Decision;
  /** In words. */
  readonly reason: string;
}

/** What stands in the way, of the tag or of its content. */
export interface ExplainedBlocker {
  readonly code: string;
  readonly message: string;
  /** What it is about: tags, rules, protectors. */
  readonly references: readonly string[];
  /** Nothing that is done to the tag alone overcomes it. */
  readonly hard: boolean;
}

export interface UnblockStep {
  readonly action:
    'lift-protection' | 'remove-containers' | 'remove-children' | 'remove-tag' | 'remove-content';
  readonly subject: string;
  readonly destroys: string;
  /** What a person would type in a POSIX shell, quoted; null when there is no one command. */
  readonly command: string | null;
}

/** Why one tag, or some content, stays or goes. */
export interface TagExplanation {
  readonly resource: string;
  /** null: content, or the resource as a whole. */
  readonly name: string | null;
  /** What would come of it now. */
  readonly decision: Decision;
  readonly reason: string;
  /** The platform would let it go now, without force, as far as is known. */
  readonly removable: boolean;
  /** And what it points at would go with it. */
  readonly freesContent: boolean;
  readonly verdicts: readonly ExplainedVerdict[];
  readonly blockers: readonly ExplainedBlocker[];
  /** The shortest ordered way to be rid of what was asked about; empty when there is none, or none is known. */
  readonly steps: readonly UnblockStep[];
}

/** What is asked about: a tag by its name; or, without a name, content by its digest; or, with neither, a resource. */
export interface Explained {
  /** With all its tags: what retention keeps depends on the others. */
  readonly resource: Resource;
  readonly name: string | null;
  readonly digest: string | null;
}

export interface ExplanationContext extends EvaluationContext {
  /** Where the target is, for commands; null when there is no one address. */
  readonly address: string | null;
  /** Plans may change the target. */
  readonly isWritable: boolean;
  /** What is known of a capability; null: nobody has asked. */
  readonly can: (capability: string) => boolean | null;
}

/** What a platform makes of it. */
export interface Standing {
  readonly removable: boolean;
  readonly freesContent: boolean;
  readonly blockers: readonly ExplainedBlocker[];
}

/** What is explained, with the tags that it is about. */
export interface Subjects extends Explained {
  readonly names: readonly string[];
}

/** How a platform speaks of removing. */
export interface PlatformWords {
  standing(subjects: Subjects, context: ExplanationContext): Standing;
  removeTag(resource: Resource, name: string, context: ExplanationContext): UnblockStep;
  /** What is left to do once all names are gone; null: nothing. */
  removeContent(subjects: Subjects, context: ExplanationContext): UnblockStep | null;
  /** Said of a name that is not for rules; null: there are none. */
  readonly reserved: ((name: string) => ExplainedBlocker) | null;
}

export type PlatformCatalog = Readonly<Record<Platform, PlatformWords>>;
