import type { PlatformWords } from '../explanation.js';
import { shellQuote } from '../shell-quote.js';

/** Whether a branch holds the object, no tag list says: nothing is taken to be freed. */
export const gitWords: PlatformWords = {
  standing: () => ({ removable: true, freesContent: false, blockers: [] }),
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
