import type { JsonObject } from './json.js';

/** One tag of a resource as the platform gave it. A label has a `value`; a pointer has a `digest`. */
export interface Tag {
  /** The label's key, or the pointer's name (a ref without `refs/tags/`, an image tag). */
  readonly name: string;
  /** The label's value; null for a pointer. Empty is a value: absent is "no such tag". */
  readonly value: string | null;
  /** Where a pointer points: object id or manifest digest; null for a label, or when the platform does not say. */
  readonly digest: string | null;
  /** When the platform says the tag came to be; null where it does not say. */
  readonly createdAt: Date | null;
  /** What is known of a pointer beyond that; absent for a label. */
  readonly pointer?: PointerFacts;
}

/**
 * What is known of one pointer. A fact that is left out is not known: no rule guesses it, and what needs it is not evaluated.
 * Connectors give what the platform says, the inventory adds what it has seen itself (`firstSeenAt`, `was`, `cameBack`, `elsewhere`).
 */
export interface PointerFacts {
  /** What the name resolves to in the end: the commit behind an annotated tag; the digest itself when it points there directly. */
  readonly peeled?: string;
  /** git: a tag object stands between the name and the commit. */
  readonly annotated?: boolean;
  /** git: the tag object carries a signature; nobody has checked whose. */
  readonly signed?: boolean;
  /** git: who made the tag object, or the commit where there is none: `Name <mail>`. */
  readonly tagger?: string;
  /** git: the tag object's message, or the commit's, its first 4,096 characters. */
  readonly message?: string;
  /** When the content came to the registry. */
  readonly pushedAt?: Date;
  /** When the name was last put where it points now. */
  readonly tagPushedAt?: Date;
  readonly pulledAt?: Date;
  /** registry: digests of the manifests that an index names; empty for an image. */
  readonly children?: readonly string[];
  /** registry: the digest that this manifest says it is about (OCI `subject`); null when it is about nothing else. */
  readonly subject?: string | null;
  /** registry: bytes of config and layers as the manifest states them, all platforms of an index together. */
  readonly bytes?: number;
  readonly layers?: number;
  /** When Tagward saw the name for the first time. */
  readonly firstSeenAt?: Date;
  /** The digest that the name is known by: differs from `digest` when the name has moved and nobody has accepted that. */
  readonly was?: string;
  /** The name had gone and is there again, and nobody has accepted that. */
  readonly cameBack?: boolean;
  /** Other targets where a repository of the same name has a tag of the same name, and where it points there. */
  readonly elsewhere?: readonly { readonly target: string; readonly digest: string }[];
}

/** The facts that rules may ask for; a connector that costs more to ask reads them only when a rule does. */
export const POINTER_FACTS = [
  'created',
  'pushed',
  'tagPushed',
  'pulled',
  'firstSeen',
  'annotated',
  'signed',
  'tagger',
  'message',
  'was',
  'elsewhere',
  'manifest',
  'untagged',
] as const;
export type PointerFact = (typeof POINTER_FACTS)[number];

/** A manifest without a tag that a registry let us see: through an index, or as something about another manifest. */
export interface UntaggedManifest {
  readonly digest: string;
  readonly createdAt: Date | null;
  readonly pushedAt: Date | null;
  readonly bytes: number | null;
  /** Digests that name this manifest: indexes that list it, and (as its subject) what it is about. */
  readonly heldBy: readonly string[];
}

/**
 * The tags of one resource. An array is one; a list of very many may make each tag as it is asked for, so that it need not hold them: asked
 * twice it then gives two tags that are equal.
 */
export interface TagList extends Iterable<Tag> {
  readonly length: number;
  at(index: number): Tag | undefined;
  entries(): IterableIterator<[number, Tag]>;
  map<T>(of: (tag: Tag, index: number) => T): T[];
  filter(test: (tag: Tag, index: number) => boolean): readonly Tag[];
  flatMap<T>(of: (tag: Tag, index: number) => T | readonly T[]): T[];
  find(test: (tag: Tag, index: number) => boolean): Tag | undefined;
}

/** What carries tags, tagged or not, as a connector read it. */
export interface Resource {
  /** `account/region` (ec2) or the repository: the part of a target that is read, or not read, as a whole. */
  readonly scope: string;
  /** The resource id (ec2), the repository (git, registry), the image id (docker). */
  readonly resource: string;
  /** `instance`, `volume`, `repository`, `image`… in the platform's own words. */
  readonly resourceType: string;
  readonly createdAt: Date | null;
  /** Names are unique within a resource; the order is the platform's. */
  readonly tags: TagList;
  /** registry: manifests without a tag, as far as they can be seen; absent where nobody looked. */
  readonly untagged?: readonly UntaggedManifest[];
  /** What would put a fault back if the tag were fixed here: an auto-scaling group, a stack…; null when nothing is known. */
  readonly managedBy: string | null;
  /** Facts that single kinds need (state, metadata options…), by names that the connector's readme lists. */
  readonly facts: JsonObject;
}

/** A part of a target that was read as a whole: one resource type of one scope, or (type null) all of the scope. */
export interface ReadUnit {
  readonly scope: string;
  readonly resourceType: string | null;
}
