import type { ExplainedBlocker, PlatformWords } from '../explanation.js';
import { shellQuote } from '../shell-quote.js';

/** Whether a branch holds the object, no tag list says, nor what the server protects: what is not known is taken for a no. */
export const gitWords: PlatformWords = {
  standing: () => ({ removable: false, freesContent: false, blockers: [PROTECTION_UNKNOWN] }),
  removeTag({ resource, tags }, name, { address }) {
    const ref = `refs/tags/${name}`;
    const tag = tags.find((one) => one.name === name);
    // A lease, so that a tag that has moved meanwhile stays.
    const lease =
      tag?.digest === null || tag === undefined
        ? ''
        : ` ${shellQuote(`--force-with-lease=${ref}:${tag.digest}`)}`;
    return {
      action: 'remove-tag',
      subject: `${resource}@${name}`,
      destroys:
        tag?.pointer?.annotated === true
          ? 'the tag object with its message and signature, unless another name holds it'
          : 'the name; the commit stays as long as anything leads to it',
      command: address === null ? null : `git push${lease} ${shellQuote(address)} ${shellQuote(`:${ref}`)}`,
    };
  },
  removeContent: () => null,
  reserved: null,
};

const PROTECTION_UNKNOWN: ExplainedBlocker = {
  code: 'PROTECTION_UNKNOWN',
  message:
    'Whether the server protects the tag (rules of a forge, a hook, a release) is not known until it is asked to let it go.',
  references: [],
  hard: false,
};
