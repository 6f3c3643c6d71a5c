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
  readonly tags: readonly Tag[];
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
