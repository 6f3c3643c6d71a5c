import type { FileFault } from '../../failure.js';
import { inOrderOfWriting, type Plan } from '../plan/make-plan.js';
import { isWrite } from '../plan/step.js';
import type { ServerState } from '../server-state.js';

/** Writes of the plan that the token would be refused: known before the first of them, so that none is made. */
export function accessFaults(plan: Plan, { viewer }: ServerState): FileFault[] {
  const writes = inOrderOfWriting(plan).filter(isWrite);
  if (writes.length === 0) return [];
  if (!viewer.scopes.includes('ADMIN'))
    return [told(`The token of ${viewer.subject} lacks the scope ADMIN, which changes need.`)];
  if (viewer.targetIds === null) return [];
  const refused = writes.filter(({ kind, action }) => kind !== 'target' || action === 'create');
  if (refused.length === 0) return [];
  const [first] = refused;
  return [
    told(
      `The token of ${viewer.subject} is narrowed to some targets: it sees no others, and may only change or remove them. It cannot ${first?.action} the ${wordsOf(first?.kind)} ${first?.name}.`,
    ),
  ];
}

const told = (message: string): FileFault => ({ file: null, line: null, column: null, message });

const wordsOf = (kind: string | undefined): string => (kind ?? '').replace('-', ' ');
