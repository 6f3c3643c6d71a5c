import { byCodeUnit } from '../../matchers/ascii-case.js';
import type { Tag } from '../../model/resource.js';
import { CompiledSelector } from '../../policy/compiled-selector.js';
import { capture } from '../../policy/schema/capture-schema.js';
import { fields } from '../../policy/schema/fields.js';
import { parseVersion } from '../../versions/version.js';
import type { Fault, Repair, ResourceJudge, Subject } from '../judge.js';
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
    const twinsOf = twinFinder(params.group ?? PACKAGE, judges);
    const forms = rules.filter(({ kind }) => kind === 'version-form').map(formOf);
    return {
      level: 'resource',
      judge: (subject) =>
        twinsOf(subject).flatMap((twins) => {
          const [kept, ...others] = inOrder(twins, forms, subject);
          return kept === undefined ? [] : others.map((tag) => duplicate(tag, kept, fix !== null));
        }),
    };
  },
});

/** Names of one version; a single one has no twin and is left out. Linear in the names. */
function twinFinder(
  pattern: string,
  judges: (name: string) => boolean,
): (subject: Subject) => readonly (readonly Tag[])[] {
  const split = splitter(pattern);
  return (subject) => {
    const byVersion = new Map<string, Tag[]>();
    for (const tag of subject.tags) {
      if (!judges(tag.name)) continue;
      const { version, ...parts } = split(tag.name);
      const bare = withoutV(version);
      // `vv1.2` is no version with a prefix.
      if (parseVersion(bare)?.prefix !== '') continue;
      const key = parts.with(bare);
      const twins = byVersion.get(key);
      if (twins === undefined) byVersion.set(key, [tag]);
      else twins.push(tag);
    }
    return [...byVersion.values()].filter(({ length }) => length > 1);
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
