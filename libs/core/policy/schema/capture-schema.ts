import { z } from 'zod';
import { groupNames } from '../../matchers/capture.js';
import { patternFault } from '../../matchers/compile-pattern.js';
import { fields } from './fields.js';

/** `{ re2: … }` whose named groups say which part of a name is what; these groups it must have. Gives the pattern's text. */
export const capture = (...needed: readonly string[]) =>
  fields('a pattern with named groups', { re2: z.string() }).transform(({ re2 }, context): string => {
    const fault = patternFault({ type: 're2', text: re2 }) ?? missingGroup(re2, needed);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault, path: ['re2'] });
    return re2;
  });

function missingGroup(re2: string, needed: readonly string[]): string | null {
  const named = groupNames(re2);
  const missing = needed.find((name) => !named.includes(name));
  if (missing === undefined) return null;
  return `This pattern has no group named "${missing}": write that part of it as (?P<${missing}>…).`;
}
