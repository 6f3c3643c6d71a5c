import { PATIENT } from '#connector-kit';
import { listNames } from '../client/list-names.js';
import type { RegistryClient } from '../client/registry-client.js';
import { isTagName } from '../names.js';
import type { ContentReader } from './content-reader.js';
import { inLanes } from './lanes.js';
import type { ManifestSource } from './manifest-source.js';

const LANES = 32;

/** Every tag of a repository, by name. */
export async function readTagNames(
  client: RegistryClient,
  repository: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names: string[] = [];
  const pages = listNames(client, {
    path: `/v2/${repository}/tags/list`,
    field: 'tags',
    what: `the tag list of ${repository}`,
    scope: `repository:${repository}:pull`,
    isName: isTagName,
    ...{ attempts: PATIENT, signal },
  });
  for await (const page of pages) for (const name of page) names.push(name);
  return names;
}

/** Where each tag points; a tag that has gone since it was listed is left out. */
export async function resolveTags(
  names: readonly string[],
  { source, content }: { readonly source: ManifestSource; readonly content: ContentReader },
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const digests = new Map<string, string | null>(names.map((name) => [name, null]));
  const same = sharedTexts();
  await inLanes(names, { lanes: LANES, signal }, async (name, inner) => {
    const found = await source.resolve(name, inner);
    if (found === null) digests.delete(name);
    else if (typeof found === 'string') digests.set(name, same(found));
    else {
      digests.set(name, found.digest);
      await content.keep(found);
    }
  });
  await content.store();
  return digests as Map<string, string>;
}

/** One text for all that are equal: a hundred thousand tags often have a few thousand digests. */
function sharedTexts(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text) ?? text;
    if (first === text) known.set(text, text);
    return first;
  };
}
