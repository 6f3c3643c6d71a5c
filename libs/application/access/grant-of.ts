import type { ClaimRule } from '../records/access.js';

/** Claims that hold several values in one text: https://www.rfc-editor.org/rfc/rfc8693#section-4.2, and `scp` of Entra ID. */
const SPACED = ['scope', 'scp'];

/**
 * What the claims of a token grant: the first rule all of whose claims hold. Rules are not added up: a scope that one rule gives for some targets
 * would become one for all targets of another. null: nothing is granted.
 */
export function grantOf(
  claims: Readonly<Record<string, unknown>>,
  rules: readonly ClaimRule[],
): Pick<ClaimRule, 'scopes' | 'targetIds'> | null {
  return (
    rules.find(({ when }) =>
      Object.entries(when).every(([name, wanted]) =>
        holds(claimOf(claims, name), wanted, SPACED.includes(name)),
      ),
    ) ?? null
  );
}

/** A claim of that name, else what a path of names leads to: `realm_access.roles`. */
function claimOf(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>((value, step) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
  }, claims);
}

function holds(value: unknown, wanted: unknown, spaced: boolean): boolean {
  if (Array.isArray(value)) return value.includes(wanted);
  if (spaced && typeof value === 'string' && value.split(' ').includes(String(wanted))) return true;
  return value === wanted;
}
