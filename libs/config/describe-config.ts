import { readVariables } from './read-variables.js';
import { VARIABLES, type Variable, type VariableName } from './variables.js';

/** What is set, by variable, fit for a log: secrets say only that they are set. */
export function describeConfig(
  environment: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, string>> {
  const { values } = readVariables(environment);
  const names = Object.keys(values) as VariableName[];
  return Object.fromEntries(
    names.map((name) => {
      const variable: Variable = VARIABLES[name];
      return [name, variable.secret === true ? '(set)' : (environment[name] ?? '')];
    }),
  );
}
