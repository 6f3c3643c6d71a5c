/** What a resource record says of content; EC2 has none of it. */
export const UNKNOWN_FACTS = {
  digests: [],
  bytes: null,
  layers: null,
  containers: null,
  children: null,
  removable: null,
  freesContent: null,
} as const;
