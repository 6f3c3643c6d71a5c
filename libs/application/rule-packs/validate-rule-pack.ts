import { parseRulePack, runPackTests, type Diagnostic } from '#core';
import type { Clock } from '../ports/services.js';

/** Parses a document and runs its own tests; stores nothing. */
export class ValidateRulePack {
  constructor(private readonly clock: Clock) {}

  execute(input: { document: string }): readonly Diagnostic[] {
    const { pack, diagnostics } = parseRulePack(input.document);
    return pack === null ? diagnostics : [...diagnostics, ...runPackTests(pack, this.clock.now())];
  }
}
