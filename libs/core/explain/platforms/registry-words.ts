import type { ExplainedBlocker, ExplanationContext, PlatformWords, Subjects } from '../explanation.js';
import { holdersOf, type Holders } from '../holders.js';
import { listWords, quote } from '../../rules/quote.js';
import { shellQuote } from '../shell-quote.js';

export const registryWords: PlatformWords = {
  standing(subjects, context) {
    const digest = digestOf(subjects);
    const holders = digest === null ? null : holdersOf(subjects.resource, digest, subjects.names);
    const refused = refusals(holders, context);
    const inTheWay =
      subjects.name === null ? contentBlockers(holders).filter(({ code }) => code !== 'HAS_REFERRERS') : [];
    const removable = refused.length === 0 && inTheWay.length === 0;
    const isHeld =
      holders === null || !holders.isKnownWhole || holders.siblings.length + holders.indexes.length > 0;
    return {
      removable,
      freesContent: removable && !isHeld,
      blockers: [...refused, ...contentBlockers(holders)],
    };
  },
  removeTag({ resource }, name, { address }) {
    return {
      action: 'remove-tag',
      subject: `${resource}:${name}`,
      destroys: 'the name; the manifest stays as long as something holds it',
      command: commandOf(`regctl tag delete`, address, `${resource}:${name}`),
    };
  },
  removeContent(subjects, { address }) {
    const digest = digestOf(subjects);
    if (digest === null) return null;
    const { resource } = subjects.resource;
    return {
      action: 'remove-content',
      subject: `${resource}@${digest}`,
      destroys: 'the manifest; its layers go when the registry collects garbage, unless others share them',
      command: commandOf(`regctl manifest delete`, address, `${resource}@${digest}`),
    };
  },
  reserved: (name) => ({
    code: 'RESERVED',
    message: `By the tag ${quote(name)} something hangs on the manifest that it names; it shares the fate of that manifest, and no rule judges it.`,
    references: [name],
    hard: false,
  }),
};

function digestOf({ resource, name, digest }: Subjects): string | null {
  return name === null ? digest : (resource.tags.find((tag) => tag.name === name)?.digest ?? null);
}

/** `regctl tag delete` leaves the other names of a manifest alone, whatever the registry offers. */
function commandOf(command: string, address: string | null, reference: string): string | null {
  if (address === null || !URL.canParse(address)) return null;
  return `${command} ${shellQuote(`${new URL(address).host}/${reference}`)}`;
}

/** For which the registry would not let the name go. What nobody has asked it is taken for a no. */
function refusals(holders: Holders | null, { can }: ExplanationContext): ExplainedBlocker[] {
  const deletes = can('delete');
  if (deletes !== true) {
    const message =
      deletes === false
        ? 'The registry refuses to delete, or the credential may not.'
        : 'Nobody has asked the registry whether it deletes; probeTarget asks.';
    const code = deletes === false ? 'DELETE_REFUSED' : 'DELETE_UNKNOWN';
    return [{ code, message, references: [], hard: deletes === false }];
  }
  const siblings = holders?.siblings ?? [];
  if (can('delete-by-tag') === true || (holders !== null && siblings.length === 0)) return [];
  const message =
    holders === null
      ? 'The registry deletes manifests, not names, and where this name points is not known.'
      : `The registry deletes manifests, not names: ${listWords(siblings.map(quote))} would go with this one.`;
  return [{ code: 'DELETES_MANIFESTS_ONLY', message, references: siblings, hard: false }];
}

function contentBlockers(holders: Holders | null): ExplainedBlocker[] {
  if (holders === null) return [{ ...UNKNOWN, message: 'Where the name points is not known.' }];
  const { siblings, indexes, referrers, isKnownWhole } = holders;
  return [
    ...blocker(
      'SHARED_CONTENT',
      siblings,
      (names) => `${names} point at the same content, which stays as long as they do.`,
    ),
    ...blocker(
      'IN_INDEX',
      indexes,
      (names) => `The content is part of ${names}, and stays as long as that does.`,
    ),
    ...blocker(
      'HAS_REFERRERS',
      referrers,
      (names) => `${names} are about this content, and would be about nothing without it.`,
    ),
    ...(isKnownWhole
      ? []
      : [{ ...UNKNOWN, message: 'What else holds the content is not known as a whole.' }]),
  ];
}

const UNKNOWN = { code: 'CONTENT_UNKNOWN', references: [], hard: false } as const;

function blocker(
  code: string,
  references: readonly string[],
  say: (names: string) => string,
): ExplainedBlocker[] {
  if (references.length === 0) return [];
  return [{ code, message: say(listWords(references.map(quote))), references, hard: false }];
}
