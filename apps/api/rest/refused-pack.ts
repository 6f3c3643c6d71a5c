import type { RulePackResult } from '#application';
import { HttpFault } from '../errors/http-fault.js';
import { presentDiagnostic } from './present.js';

/** A document that was not stored is an error over REST: 422, with every diagnostic in `diagnostics`. */
export function refusedPack(output: unknown): HttpFault {
  const { diagnostics } = output as RulePackResult;
  const faults = diagnostics.map(({ path, line, column, message }) => ({
    path: path ?? '',
    message: line === null ? message : `line ${line}, column ${column ?? 1}: ${message}`,
  }));
  const summary = faults.map(({ message }) => message).join('; ');
  return new HttpFault(422, 'RULE_PACK_INVALID', `The rule pack was not stored: ${summary}`, {
    faults,
    members: { diagnostics: diagnostics.map(presentDiagnostic) },
  });
}
