/** A kind of place that holds tags, as rule packs write it. */
export const PLATFORMS = ['ec2', 'git', 'registry', 'docker'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** `label`: a key and a value (ec2). `pointer`: a name that points at an object id or digest (git, registry, docker). */
export type TagKind = 'label' | 'pointer';
