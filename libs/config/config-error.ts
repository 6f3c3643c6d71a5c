import { HygieneError, type Fault } from '#core';

/** A bad configuration, every fault of it: the process exits 78 (sysexits EX_CONFIG). */
export class ConfigError extends HygieneError {
  constructor(faults: readonly Fault[]) {
    const lines = faults.map(({ path, message }) => `  ${path}: ${message}`);
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    super('CONFIG_INVALID', `The configuration has ${count}:\n${lines.join('\n')}`, { faults });
  }
}
