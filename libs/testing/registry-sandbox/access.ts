import type { Route } from './route.js';

/** One thing that a client wants to do. https://distribution.github.io/distribution/spec/auth/scope/ */
export interface Access {
  readonly type: string;
  readonly name: string;
  readonly action: string;
}

/** What a request needs, as docker-registry asks for it. The base needs somebody, and no right. */
export function accessFor(route: Route, method: string, mountFrom: string | null): readonly Access[] {
  if (route.kind === 'base') return [];
  if (route.kind === 'catalog') return [{ type: 'registry', name: 'catalog', action: '*' }];
  const own = actionsFor(method).map((action) => ({ type: 'repository', name: route.repository, action }));
  const from = mountFrom === null ? [] : [{ type: 'repository', name: mountFrom, action: 'pull' }];
  return [...own, ...from];
}

function actionsFor(method: string): readonly string[] {
  if (method === 'GET' || method === 'HEAD') return ['pull'];
  return method === 'DELETE' ? ['delete'] : ['pull', 'push'];
}

/** `repository:acme/app:pull,push`; a name may hold colons of its own. Nothing of what is no scope. */
export function parseScope(scope: string): readonly Access[] {
  const [, type, name, actions] = /^([a-z]+(?:\([^)]*\))?):(.+):([a-z*,]*)$/.exec(scope) ?? [];
  if (type === undefined || name === undefined || actions === undefined) return [];
  return actions.split(',').map((action) => ({ type, name, action }));
}

export function scopeText(access: readonly Access[]): string {
  const byThing = Map.groupBy(access, ({ type, name }) => `${type}:${name}`);
  return [...byThing]
    .map(([thing, all]) => `${thing}:${all.map(({ action }) => action).join(',')}`)
    .join(' ');
}

export const sameAccess = (one: Access, other: Access): boolean =>
  one.type === other.type && one.name === other.name && one.action === other.action;
