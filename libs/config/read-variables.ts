import { didYouMean, type Fault } from '#core';
import { VARIABLES, type Variable, type VariableName, type VariableValues } from './variables.js';

const NAMES = Object.keys(VARIABLES) as VariableName[];
/** Read by tools that ship with the repository and by the `tagward` command, not by the service. */
const TOOLING = /^TAGWARD_((TEST|REQUIRE|BENCH)_|(URL|TOKEN)$)/;

/** Every variable that is set, parsed, and every fault. An empty variable counts as left out. */
export function readVariables(environment: NodeJS.ProcessEnv): { values: VariableValues; faults: Fault[] } {
  const faults: Fault[] = unknownVariables(environment);
  const values: Record<string, unknown> = {};
  for (const name of NAMES) {
    const given = environment[name];
    if (given === undefined || given === '') continue;
    const variable: Variable = VARIABLES[name];
    const parsed = variable.schema.safeParse(given);
    if (parsed.success) values[name] = parsed.data;
    // The first says enough: mending it may mend the others.
    else
      faults.push({
        path: name,
        message: withValue(parsed.error.issues[0]?.message ?? 'invalid', variable, given),
      });
  }
  return { values, faults };
}

function unknownVariables(environment: NodeJS.ProcessEnv): Fault[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('TAGWARD_') && !TOOLING.test(name) && !(name in VARIABLES))
    .map((path) => ({ path, message: `no such variable.${didYouMean(path, NAMES)}` }));
}

function withValue(message: string, variable: Variable, given: string): string {
  if (variable.secret === true) return message;
  // A URL may carry a password where none belongs.
  return `${message}; got ${JSON.stringify(given.replace(/\/\/[^/]*@/, '//…@'))}`;
}
