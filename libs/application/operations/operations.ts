import { HygieneError, type Fault } from '#core';
import type { Scope, Viewer } from '../records/access.js';
import { OPERATIONS, type OperationInput } from './catalog.js';
import type { OperationName, OperationOutputs } from './outputs.js';
import type { OperationSpec } from './operation-spec.js';

export type OperationHandlers = {
  readonly [N in OperationName]: (viewer: Viewer, input: OperationInput<N>) => Promise<OperationOutputs[N]>;
};

const IMPLIES: Readonly<Record<Scope, readonly Scope[]>> = {
  READ: ['READ'],
  SCAN: ['SCAN', 'READ'],
  REMEDIATE: ['REMEDIATE', 'READ'],
  ADMIN: ['ADMIN', 'REMEDIATE', 'SCAN', 'READ'],
};

/** The one way in: authorises, validates, calls the handler. Every door calls `run` and nothing else. */
export class Operations {
  constructor(private readonly handlers: OperationHandlers) {}

  /**
   * @param input what the caller sent, unchecked
   * @throws HygieneError SCOPE_MISSING, INPUT_INVALID with every fault and its path, or what the handler throws
   */
  async run<N extends OperationName>(name: N, viewer: Viewer, input: unknown): Promise<OperationOutputs[N]> {
    const spec: OperationSpec = OPERATIONS[name];
    authorize(name, spec, viewer);
    const parsed = spec.input.safeParse(input);
    if (!parsed.success) {
      const faults: Fault[] = parsed.error.issues.map((issue) => ({
        path: issue.path.join('.'),
        message: issue.message,
      }));
      throw new HygieneError('INPUT_INVALID', describe(faults), { faults });
    }
    return this.handlers[name](viewer, parsed.data as OperationInput<N>);
  }

  /** Would `run` let the viewer in? For edges that show what another operation lists. */
  permits(name: OperationName, viewer: Viewer): boolean {
    return refusal(name, OPERATIONS[name], viewer) === null;
  }
}

function authorize(name: string, spec: OperationSpec, viewer: Viewer): void {
  const refused = refusal(name, spec, viewer);
  if (refused !== null) throw refused;
}

function refusal(name: string, spec: OperationSpec, viewer: Viewer): HygieneError | null {
  const { scope } = spec;
  if (scope !== null && !viewer.scopes.some((granted) => IMPLIES[granted].includes(scope))) {
    return new HygieneError(
      'SCOPE_MISSING',
      `${name} takes a token with the scope ${scope}; this one has ${viewer.scopes.join(', ') || 'none'}.`,
      { details: { scope } },
    );
  }
  if (spec.narrowed === 'refused' && viewer.targetIds !== null) {
    return new HygieneError(
      'SCOPE_MISSING',
      `${name} takes a token for all targets; this one is narrowed to some.`,
    );
  }
  return null;
}

function describe(faults: readonly Fault[]): string {
  return faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
}
