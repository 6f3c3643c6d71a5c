import { TARGET_MODES } from '#application';
import { CONNECTORS } from '#connectors';
import { PLATFORMS, diagnoseIssues, fields, isMap, type JsonObject, type Platform } from '#core';
import { z } from 'zod';
import type { FileFault } from '../../failure.js';
import type { DeclaredTarget, Source } from './declared.js';
import { labels, nameText, packName } from './fields.js';
import { fileFault, readWritten } from './read-written.js';

const shape = fields('a target', {
  target: nameText(),
  mode: z.enum(TARGET_MODES).optional(),
  credential: nameText().optional(),
  rulePacks: z.array(packName()).max(100).optional(),
  labels: labels().optional(),
  ec2: z.unknown().optional(),
  git: z.unknown().optional(),
  registry: z.unknown().optional(),
  docker: z.unknown().optional(),
});

type ReadTarget = { readonly target: DeclaredTarget | null; readonly faults: readonly FileFault[] };

/** A document with `target:`, checked as far as it can be without the service. */
export function readTarget(source: Source): ReadTarget {
  const read = shape.safeParse(source.document.root);
  const place = readPlace(source);
  const faults = read.success
    ? place.faults
    : [
        ...diagnoseIssues(source.document, read.error.issues).map((found) => fileFault(source, found)),
        ...place.faults,
      ];
  if (!read.success || place.platform === null) return { target: null, faults };
  const { target: name, mode, credential, rulePacks, labels: given } = read.data;
  const target: DeclaredTarget = {
    kind: 'target',
    name,
    source,
    platform: place.platform,
    config: place.config,
    mode: mode ?? 'READ_ONLY',
    credential: credential ?? null,
    rulePacks: rulePacks ?? null,
    labels: given ?? [],
  };
  return { target, faults };
}

type Place =
  | { readonly platform: Platform; readonly config: JsonObject; readonly faults: readonly [] }
  | { readonly platform: null; readonly faults: readonly FileFault[] };

/** The one platform and what it says, by the schema of its connector. */
function readPlace(source: Source): Place {
  const { root } = source.document;
  const given = PLATFORMS.filter((name) => isMap(root) && Object.hasOwn(root, name));
  const [platform, second] = given;
  if (platform === undefined || second !== undefined) {
    const got = platform === undefined ? 'none of them' : given.join(' and ');
    const message = `A target has exactly one of ${PLATFORMS.join(', ')}; this one has ${got}.`;
    return { platform: null, faults: [source.fault(second === undefined ? [] : [second], message, true)] };
  }
  const connector = CONNECTORS[platform];
  if (connector === undefined) {
    const message = `This version of Tagward has no connector for ${platform}.`;
    return { platform: null, faults: [source.fault([platform], message, true)] };
  }
  const value = isMap(root) ? root[platform] : undefined;
  const written = { value, path: [platform], noun: `"${platform}"` };
  const read = readWritten(connector.descriptor.config, written, source);
  return read.value === null
    ? { platform: null, faults: read.faults }
    : { platform, config: plain(read.value), faults: [] };
}

/** As JSON has it: without what is undefined. */
const plain = (config: JsonObject): JsonObject => JSON.parse(JSON.stringify(config)) as JsonObject;
