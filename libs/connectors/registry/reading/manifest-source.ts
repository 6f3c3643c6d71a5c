import { HygieneError } from '#core';
import { type HttpReply, PATIENT } from '#connector-kit';
import { CONFIG_LIMITS, MANIFEST_LIMITS, SMALL_LIMITS } from '../client/limits.js';
import type { PullBudget } from '../client/pull-budget.js';
import type { RegistryClient } from '../client/registry-client.js';
import { wordOf } from '../client/reply-word.js';
import { parseSmallJson } from '../client/small-json.js';
import { badReply, statusFault, type Place } from '../errors.js';
import { isDigest } from '../names.js';
import type { ManifestFacts } from './manifest-facts.js';
import { MANIFEST_ACCEPT, SIGNED_SCHEMA_1 } from './media-types.js';
import { parseManifest, type ParsedManifest } from './parse-manifest.js';
import { platformWords } from './platform-words.js';
import { readDate } from './read-date.js';
import { schema1Payload } from './schema-1.js';
import { sha256Of, verifyDigest } from './verify-digest.js';

/** A manifest whose bytes were checked against its digest. */
export interface CheckedManifest {
  readonly digest: string;
  readonly facts: ManifestFacts;
  /** All that can be known of it is: it may be kept for ever. False when its configuration was not there to be read. */
  readonly final: boolean;
}

/** The manifests of one repository. */
export class ManifestSource {
  private readonly scope: string;
  private headWorks = true;

  constructor(
    private readonly client: RegistryClient,
    private readonly repository: string,
    private readonly budget: PullBudget,
  ) {
    this.scope = `repository:${repository}:pull`;
  }

  /** Where a tag points, as the registry says, without fetching the manifest where it says so; null when the tag is gone. */
  async resolve(tag: string, signal: AbortSignal): Promise<string | CheckedManifest | null> {
    const digest = this.headWorks ? await this.head(tag, signal) : undefined;
    return digest === undefined ? this.fetch(tag, signal) : digest;
  }

  /** null when it is not there. @throws HygieneError REMOTE_REPLY_INVALID when it is not what its digest names */
  async fetch(reference: string, signal: AbortSignal): Promise<CheckedManifest | null> {
    const place = this.placeOf(reference);
    this.budget.expectLeft(place);
    const read = await this.client.exchange({
      ...{ method: 'GET', path: this.path('manifests', reference), accept: MANIFEST_ACCEPT },
      ...{ what: place.what, scope: this.scope, limits: MANIFEST_LIMITS, attempts: PATIENT, signal },
      read: async (reply) => {
        this.budget.note(reply);
        if (reply.status === 404) return this.nothing(reply);
        if (reply.status !== 200) throw statusFault(reply.status, place, await wordOf(reply));
        return readManifest(await reply.bytes(), reply, { reference, place });
      },
    });
    return read === null ? null : this.withConfig(read, signal);
  }

  /** null when the tag is gone; undefined when the registry does not say a digest without sending the manifest. */
  private async head(tag: string, signal: AbortSignal): Promise<string | null | undefined> {
    const place = this.placeOf(tag);
    return this.client.exchange({
      ...{ method: 'HEAD', path: this.path('manifests', tag), accept: MANIFEST_ACCEPT },
      ...{ what: place.what, scope: this.scope, limits: SMALL_LIMITS, attempts: PATIENT, signal },
      read: async (reply) => {
        await reply.discard();
        this.budget.note(reply);
        if (reply.status === 404) return null;
        if (reply.status === 405 || reply.status === 501) this.headWorks = false;
        else if (reply.status !== 200) throw statusFault(reply.status, place);
        return (reply.status === 200 ? claimedDigest(reply, place) : null) ?? undefined;
      },
    });
  }

  private async withConfig(
    { digest, parsed }: { readonly digest: string; readonly parsed: ParsedManifest },
    signal: AbortSignal,
  ): Promise<CheckedManifest> {
    const { facts, config } = parsed;
    if (config === null || config.bytes > CONFIG_LIMITS.maxBytes) return { digest, facts, final: true };
    const document = await this.config(config.digest, signal);
    if (document === null) return { digest, facts, final: false };
    const { os, architecture, variant } = document;
    const words = [os, architecture, variant].map((word) => (typeof word === 'string' ? word : ''));
    const [osWord = '', architectureWord = '', variantWord = ''] = words;
    const platform = platformWords({ os: osWord, architecture: architectureWord, variant: variantWord });
    const createdAt = readDate(document['created']) ?? facts.createdAt;
    return { digest, facts: { ...facts, createdAt, platform }, final: true };
  }

  private async config(
    digest: string,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>> | null> {
    const place = this.client.place(`the configuration ${digest.slice(0, 19)}… of ${this.repository}`);
    return this.client.exchange({
      ...{ method: 'GET', path: this.path('blobs', digest), what: place.what, scope: this.scope },
      ...{ limits: CONFIG_LIMITS, attempts: PATIENT, signal },
      read: async (reply) => {
        if (reply.status === 404) return this.nothing(reply);
        if (reply.status !== 200) throw statusFault(reply.status, place, await wordOf(reply));
        const bytes = await reply.bytes();
        verifyDigest(bytes, digest, place);
        return parseSmallJson(bytes, place);
      },
    });
  }

  private async nothing(reply: HttpReply): Promise<null> {
    await reply.discard();
    return null;
  }

  private path(kind: 'manifests' | 'blobs', reference: string): string {
    return `/v2/${this.repository}/${kind}/${reference}`;
  }

  private placeOf(reference: string): Place {
    const at = isDigest(reference) ? `@${reference.slice(0, 19)}…` : `:${reference}`;
    return this.client.place(`the manifest ${this.repository}${at}`);
  }
}

function readManifest(
  bytes: Uint8Array,
  reply: HttpReply,
  { reference, place }: { readonly reference: string; readonly place: Place },
): { readonly digest: string; readonly parsed: ParsedManifest } {
  const type = reply.header('content-type');
  const payload = type?.startsWith(SIGNED_SCHEMA_1) === true ? schema1Payload(bytes, place) : bytes;
  const named = isDigest(reference) ? reference : claimedDigest(reply, place);
  if (named !== null) verifyDigest(payload, named, place);
  return { digest: named ?? sha256Of(payload), parsed: parseManifest(payload, type, place) };
}

/** The digest that a reply claims; null when it claims none. */
function claimedDigest(reply: HttpReply, place: Place): string | null {
  const digest = reply.header('docker-content-digest');
  if (digest === null || isDigest(digest)) return digest;
  throw digestMalformed(place);
}

function digestMalformed(place: Place): HygieneError {
  return badReply(place, 'with a digest that is none');
}
