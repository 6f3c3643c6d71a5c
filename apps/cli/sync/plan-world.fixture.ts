import { readDeclarations, type Declarations } from './files/read-declarations.js';
import type { ServerState } from './server-state.js';

/** Documents as a directory would have them, by the name of their file. */
export function declared(texts: Readonly<Record<string, string>>): Declarations {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return readDeclarations({ files, faults: [], isSingle: false }, new Date('2026-01-01T00:00:00Z'));
}

export const pack = (name: string) => `pack: ${name}\nrules:\n  - { id: a, kind: tag-budget, max: 45 }\n`;

const byName = <T extends { readonly name: string }>(rows: readonly T[]) =>
  new Map(rows.map((row) => [row.name, row]));

/** A service with packs `base` and `old`, a target `web` that uses `old`, and a schedule `nightly` of it. */
export function serverState(changes: Partial<ServerState> = {}): ServerState {
  return {
    viewer: { subject: 'token:ci', scopes: ['ADMIN'], targetIds: null },
    packs: byName(['base', 'old'].map((name) => ({ name, version: 1, document: pack(name) }))),
    targets: byName([
      {
        ...{ id: 't1', name: 'web', platform: 'ec2' as const, config: { regions: ['eu-west-1'] } },
        ...{
          credentialId: null,
          rulePacks: ['old'],
          mode: 'READ_ONLY' as const,
          labels: [],
          openFindings: 7,
        },
      },
    ]),
    schedules: byName([
      {
        ...{ id: 's1', name: 'nightly', cron: '0 2 * * *', timezone: 'UTC', targetIds: ['t1'] },
        ...{ labels: [], report: false, enabled: true },
      },
    ]),
    credentials: new Map(),
    ...changes,
  };
}
