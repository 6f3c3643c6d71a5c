import type { Platform } from '../../model/platform.js';
import { familiarName, readImageReference, repositoriesOf } from './image-reference.js';
import { isHexPrefix, lookFor, type ReferenceQuery } from './reference-query.js';

/** @param host where the target is; null when it has no one address */
type Reader = (written: string, host: string | null) => readonly ReferenceQuery[];

/**
 * What a reference that a person types may mean, in order: the first query that finds something is what was meant.
 * - ec2: `i-0abc/owner` (also with a space, `:`, `#` or `@` between), `i-0abc`, or the beginning of an id;
 * - git: `v1.2.3`, `refs/tags/v1.2.3`, an object id or its beginning (four digits at least);
 * - registry: `app`, `app:1.2`, `docker.io/library/app:1.2`, `app@sha256:…`, a digest or its beginning;
 * - docker: the same, and image ids.
 */
export function readReference(
  platform: Platform,
  written: string,
  host: string | null,
): readonly ReferenceQuery[] {
  return READERS[platform](written.trim(), host);
}

const READERS: Readonly<Record<Platform, Reader>> = {
  ec2: readLabel,
  git: readRef,
  registry: readRepositoryTag,
  docker: readImage,
};

const LABEL = /^([^\s/:#@]+)(?:\s*[/:#@]\s*|\s+)(.+)$/s;

function readLabel(written: string): readonly ReferenceQuery[] {
  const [, resource, key] = LABEL.exec(written) ?? [];
  if (resource === undefined || key === undefined)
    return [
      lookFor('resource', { resources: [written] }),
      ...(isIdPrefix(written) ? [lookFor('resource', { resourcePrefix: written })] : []),
    ];
  return [
    lookFor('tag', { resources: [resource], names: [key] }),
    ...(isIdPrefix(resource) ? [lookFor('tag', { resourcePrefix: resource, names: [key] })] : []),
  ];
}

/** `i-0abc`: a type and four digits at least. */
const isIdPrefix = (text: string): boolean => /^[a-z][a-z-]*-[0-9a-f]{4,}$/.test(text);

const REFS = /^(?:refs\/)?tags\//;

function readRef(written: string): readonly ReferenceQuery[] {
  const id = written.toLowerCase();
  return [
    ...(REFS.test(written) ? [lookFor('tag', { names: [written.replace(REFS, '')] })] : []),
    lookFor('tag', { names: [written] }),
    ...(isHexPrefix(id) ? [lookFor('tag', { digestPrefix: id })] : []),
  ];
}

function readRepositoryTag(written: string, host: string | null): readonly ReferenceQuery[] {
  return [...inRepositories(written, host), ...contentOf(written)];
}

function inRepositories(written: string, host: string | null): ReferenceQuery[] {
  const reference = readImageReference(written);
  if (reference === null) return [];
  const { tag, digest } = reference;
  return repositoriesOf(reference, host).map((repository) =>
    digest === null
      ? lookFor('tag', { resources: [repository], names: tag === null ? null : [tag] })
      : lookFor('content', { resources: [repository], digestPrefix: digest }),
  );
}

function readImage(written: string): readonly ReferenceQuery[] {
  const reference = readImageReference(written);
  const ids = contentOf(written).flatMap(({ digestPrefix }) => [
    lookFor('resource', { resourcePrefix: digestPrefix }),
    lookFor('content', { digestPrefix }),
  ]);
  return [...(reference === null ? [] : imageNames(written, reference)), ...ids];
}

function imageNames(
  written: string,
  reference: NonNullable<ReturnType<typeof readImageReference>>,
): ReferenceQuery[] {
  const familiar = familiarName(reference);
  const { tag, digest } = reference;
  if (digest !== null)
    return [lookFor('resource', { resources: [digest] }), lookFor('content', { digestPrefix: digest })];
  const asWritten = written.endsWith(`:${tag ?? ''}`) ? written : `${written}:${tag ?? ''}`;
  return [lookFor('tag', { names: [...new Set([`${familiar}:${tag ?? ''}`, asWritten])] })];
}

const DIGEST = /^(?:(sha256|sha512):)?([0-9a-f]+)$/;

/** By a digest or its beginning; the algorithm may be left out where it is SHA-256. */
function contentOf(written: string): ReferenceQuery[] {
  const [, algorithm = 'sha256', digits = ''] = DIGEST.exec(written.toLowerCase()) ?? [];
  if (digits.length < 4 || digits.length > 128) return [];
  return [lookFor('content', { digestPrefix: `${algorithm}:${digits}` })];
}
