import type { RestDoor } from '#application';

/** `/targets/{id}` as the router writes it: `/targets/:id`; a literal colon (`/rule-packs:validate`) is doubled. */
export function routePath(path: RestDoor['path']): string {
  return path.replaceAll(':', '::').replace(/\{(\w+)\}/g, ':$1');
}

/** The input fields that a path carries. */
export function pathFields(path: RestDoor['path']): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}
