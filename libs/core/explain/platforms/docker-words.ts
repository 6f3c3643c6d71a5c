import type { ExplainedBlocker, PlatformWords, Subjects } from '../explanation.js';
import { listWords, quote } from '../../rules/quote.js';
import { shellQuote } from '../shell-quote.js';

/** An engine removes a name while another one is left; with the last name goes the image, unless something uses it: https://docs.docker.com/reference/cli/docker/image/rm/ */
export const dockerWords: PlatformWords = {
  standing(subjects) {
    const others = otherNames(subjects);
    if (subjects.name !== null && others.length > 0) {
      const message = `${listWords(others.map(quote))} name the same image, which stays as long as they do.`;
      const shared = { code: 'SHARED_CONTENT', message, references: others, hard: false };
      return { removable: true, freesContent: false, blockers: [shared] };
    }
    const blockers = usesOf(subjects);
    return { removable: blockers.length === 0, freesContent: blockers.length === 0, blockers };
  },
  removeTag: (_resource, name) => ({
    action: 'remove-tag',
    subject: name,
    destroys: 'the name; with the last one the image',
    command: `docker rmi ${shellQuote(name)}`,
  }),
  removeContent({ resource: { resource, tags } }) {
    if (tags.length > 0) return null;
    return {
      action: 'remove-content',
      subject: resource,
      destroys: 'the image, and the layers that no other image shares',
      command: `docker rmi ${shellQuote(resource)}`,
    };
  },
  reserved: null,
};

const otherNames = ({ resource, names }: Subjects): readonly string[] =>
  resource.tags.flatMap(({ name }) => (names.includes(name) ? [] : [name]));

function usesOf({ resource: { facts } }: Subjects): ExplainedBlocker[] {
  return [
    ...use(facts['containers'], 'IN_USE', 'containers, running or stopped, use this image'),
    ...use(facts['children'], 'HAS_CHILDREN', 'images are built on this one'),
  ];
}

/** A number that is not known may be any. */
function use(count: unknown, code: string, what: string): ExplainedBlocker[] {
  if (count === 0) return [];
  if (typeof count !== 'number')
    return [
      { code: `${code}_UNKNOWN`, message: `It is not known whether ${what}.`, references: [], hard: false },
    ];
  return [{ code, message: `${count} ${what}.`, references: [], hard: true }];
}
