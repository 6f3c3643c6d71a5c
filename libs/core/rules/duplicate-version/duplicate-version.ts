import { byCodeUnit } from '../../matchers/ascii-case.js';
import type { Tag } from '../../model/resource.js';
import { CompiledSelector } from '../../policy/compiled-selector.js';
import { capture } from '../../policy/schema/capture-schema.js';
import { fields } from '../../policy/schema/fields.js';
import { parseVersion } from '../../versions/version.js';
import { equalNames } from '../equal-names.js';
import type { Fault, Pause, Repair, ResourceJudge, Subject, Verdict } from '../judge.js';
import { quote } from '../quote.js';
import type { Rule } from '../rule.js';
import { defineKind } from '../rule-kind.js';
import { compareObjects } from '../same-object.js';
import { untagName } from '../untag-name.js';
import { compileForm, splitter, withoutV, type VersionForm } from '../version-names.js';

/** Up to the last `/`, `@` or `:`: packages of a monorepo, and the repository of a local image. */
const PACKAGE = '(?P<group>.*[/@:])?(?P<version>[^/@:]+)';

export const duplicateVersion = defineKind({
  name: 'duplicate-version',
  judges: 'pointer',
  finds: 'one version under two names, with and without a v: at one object (redundant), or at two (a fault)',
  params: { group: capture('group', 'version').optional() },
  fixes: { untag: fields('this fix', {}) },
  title: () => 'Versions with two names, with and without a v',
  needs: () => ['annotated'],
  compile({ params, fix }, { rules, judges }): ResourceJudge {
    const versionOf = versionReader(params.group ?? PACKAGE, judges);
    const forms = rules.filter(({ kind }) => kind === 'version-form').map(formOf);
    return {
      level: 'resource',
      *judge(subject): Generator<Verdict | Pause, void, undefined> {
        const groups = yield* equalNames(subject.tags, versionOf);
        for (const places of groups.values()) {
          const twins = places.flatMap((place) => subject.tags.at(place) ?? []);
          const [kept, ...others] = inOrder(twins, forms, subject);
          if (kept !== undefined) for (const tag of others) yield duplicate(tag, kept, fix !== null);
        }
      },
    };
  },
});

/** What names of one version have in common; null for what is none. */
function versionReader(pattern: string, judges: (name: string) => boolean): (name: string) => string | null {
  const split = splitter(pattern);
  return (name) => {
    if (!judges(name)) return null;
    const { version, ...parts } = split(name);
    const bare = withoutV(version);
    // `vv1.2` is no version with a prefix.
    return parseVersion(bare)?.prefix === '' ? parts.with(bare) : null;
  };
}

/** A version-form rule of the pack: does it say that the name is wrong? */
type Form = (subject: Subject, name: string) => boolean;

function formOf(rule: Rule): Form {
  const selector = new CompiledSelector(rule.on);
  // A rule reaches a pack only through the schema of its own kind.
  const read = compileForm(rule.params as VersionForm);
  return (subject, name) => selector.covers(subject, subject.resource, name) && read(name).form !== 'right';
}

/** The name to keep first: one that no version-form rule of the pack faults, then the one with a `v`. */
function inOrder(twins: readonly Tag[], forms: readonly Form[], subject: Subject): readonly Tag[] {
  const ranked = twins.map((tag) => ({ tag, wrong: forms.some((form) => form(subject, tag.name)) ? 1 : 0 }));
  ranked.sort((a, b) => a.wrong - b.wrong || byCodeUnit(b.tag.name, a.tag.name));
  return ranked.map(({ tag }) => tag);
}

function duplicate(tag: Tag, kept: Tag, fixes: boolean): Fault {
  const relation = compareObjects(tag, kept);
  const [name, other] = [quote(tag.name), quote(kept.name)];
  const fault = {
    tag: tag.name,
    value: null,
    evidence: { digest: tag.digest, twin: kept.name, twinDigest: kept.digest, object: relation },
  };
  switch (relation) {
    case 'different': {
      const message = `${name} and ${other} are one version, and point at different objects: whoever asks for it gets one or the other.`;
      return { ...fault, message, repair: null };
    }
    case 'unknown': {
      const message = `${name} and ${other} are one version; where they point is not known.`;
      return { ...fault, message, repair: fixes ? unknownObject(tag, kept) : null };
    }
    case 'same': {
      // Untagged, a tag object of its own would be lost with its message and signature.
      const isOwnObject = tag.digest !== kept.digest && tag.digest !== kept.pointer?.peeled;
      const message = isOwnObject
        ? `${name} and ${other} are one version of one commit; ${name} is a tag object of its own, which would be lost with its name.`
        : `${name} and ${other} are one version at one object; ${name} is redundant.`;
      return { ...fault, message, repair: fixes && !isOwnObject ? untagName(tag) : null };
    }
  }
}

const unknownObject = (tag: Tag, kept: Tag): Repair => ({
  suggestion: `Untag ${quote(tag.name)} if it points where ${quote(kept.name)} does.`,
  blocker: {
    code: 'OBJECT_UNKNOWN',
    message: `It is not known where ${quote(tag.name)} and ${quote(kept.name)} point; nothing is changed until it is.`,
    references: [kept.name],
  },
});
