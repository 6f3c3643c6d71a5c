import { CONNECTORS } from '#connectors';
import { didYouMean } from '#core';
import type { FileFault } from '../../failure.js';
import type { DeclaredSchedule, DeclaredTarget } from '../files/declared.js';
import type { Plan } from '../plan/make-plan.js';
import type { Step, TargetStep } from '../plan/step.js';
import type { ServerState } from '../server-state.js';

/** Names that stand for nothing once the plan is done, and changes that the API does not have. */
export function referenceFaults(plan: Plan, state: ServerState): FileFault[] {
  const packs = namesAfter(state.packs.keys(), plan.packs);
  const targets = namesAfter(state.targets.keys(), plan.targets);
  return [
    ...plan.targets.flatMap((step) =>
      step.declared === null ? [] : targetFaults(step, step.declared, { packs, state }),
    ),
    ...plan.schedules.flatMap(({ declared }) => (declared === null ? [] : scheduleFaults(declared, targets))),
    ...strandedFaults(plan, state),
  ];
}

function namesAfter(stored: Iterable<string>, steps: readonly Step[]): ReadonlySet<string> {
  const names = new Set(stored);
  for (const { name, action } of steps) {
    if (action === 'delete') names.delete(name);
    else names.add(name);
  }
  return names;
}

interface Known {
  readonly packs: ReadonlySet<string>;
  readonly state: ServerState;
}

function targetFaults({ current }: TargetStep, target: DeclaredTarget, known: Known): FileFault[] {
  const { source, rulePacks, platform, name } = target;
  const missing = (rulePacks ?? []).flatMap((pack, index) =>
    known.packs.has(pack) ? [] : [source.fault(['rulePacks', index], noSuch('rule pack', pack, known.packs))],
  );
  const faults = [...missing, ...credentialFaults(target, known.state)];
  if (current === null) return faults;
  if (current.platform !== platform) {
    const message = `${JSON.stringify(name)} is on ${current.platform}, and a target does not change its platform; give the new one a name of its own.`;
    return [...faults, source.fault([platform], message, true)];
  }
  if (rulePacks === null && current.rulePacks !== null) {
    const message = `${JSON.stringify(name)} has rule packs of its own (${current.rulePacks.join(', ')}), and the API cannot take that back to every pack; name them in \`rulePacks\`.`;
    faults.push(source.fault(['target'], message));
  }
  if (target.credential === null && current.credentialId !== null) {
    const message = `${JSON.stringify(name)} has a credential, and the API can only replace it; name one in \`credential\`.`;
    faults.push(source.fault(['target'], message));
  }
  return faults;
}

function credentialFaults(target: DeclaredTarget, { credentials }: ServerState): FileFault[] {
  const { credential: name, platform, source } = target;
  if (name === null || credentials === null) return [];
  const credential = credentials.get(name);
  if (credential === undefined) {
    const hint = didYouMean(name, [...credentials.keys()]);
    const message = `There is no credential ${JSON.stringify(name)} on the service; store it there first.${hint}`;
    return [source.fault(['credential'], message)];
  }
  const kinds = CONNECTORS[platform]?.descriptor.credentialKinds ?? [];
  if (kinds.includes(credential.kind)) return [];
  const message = `${platform} takes a credential of kind ${kinds.join(' or ')}; ${JSON.stringify(name)} is ${credential.kind}.`;
  return [source.fault(['credential'], message)];
}

function scheduleFaults({ targets, source }: DeclaredSchedule, known: ReadonlySet<string>): FileFault[] {
  return targets.flatMap((name) =>
    known.has(name) ? [] : [source.fault(placeOf(source, name), noSuch('target', name, known))],
  );
}

/** Names are read as a set: the place is that of the first that says it. */
function placeOf({ document }: DeclaredSchedule['source'], name: string): (string | number)[] {
  const { targets } = document.root as { readonly targets: readonly string[] };
  return ['targets', targets.findIndex((written) => written.trim() === name)];
}

/** What stays on the service, is not in the directory, and names something that is to go. */
function strandedFaults(plan: Plan, state: ServerState): FileFault[] {
  const planned = new Set([...plan.targets, ...plan.schedules].map(({ kind, name }) => `${kind} ${name}`));
  const gone = (steps: readonly Step[]) => steps.filter(({ action }) => action === 'delete');
  const packs = new Set(gone(plan.packs).map(({ name }) => name));
  const targets = new Map(
    plan.targets.filter(({ action }) => action === 'delete').map(({ current, name }) => [current?.id, name]),
  );
  const users = [
    ...[...state.targets.values()].map(({ name, rulePacks }) => ({
      user: `target ${name}`,
      uses: (rulePacks ?? []).filter((pack) => packs.has(pack)).map((pack) => `rule pack ${pack}`),
    })),
    ...[...state.schedules.values()].map(({ name, targetIds }) => ({
      user: `schedule ${name}`,
      uses: targetIds.flatMap((id) => targets.get(id) ?? []).map((target) => `target ${target}`),
    })),
  ];
  return users
    .filter(({ user, uses }) => uses.length > 0 && !planned.has(user))
    .map(({ user, uses }) => {
      const message = `The ${user} is not in the directory and stays; it uses the ${uses.join(', the ')}, to be removed. Put it in the directory, or keep what it uses.`;
      return { file: null, line: null, column: null, message };
    });
}

function noSuch(noun: string, name: string, known: ReadonlySet<string>): string {
  const hint = didYouMean(name, [...known]);
  return `There is no ${noun} ${JSON.stringify(name)}, neither in the directory nor on the service.${hint}`;
}
