import { HygieneError, notFound } from '#core';
import { FOREIGN_KEY_VIOLATION, UNIQUE_VIOLATION, violatedConstraint } from './postgres-errors.js';

/** @throws HygieneError NAME_TAKEN when `write` broke the unique constraint that guards names */
export async function refuseTakenName<T>(
  noun: string,
  name: string,
  constraint: string,
  write: Promise<T>,
): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (violatedConstraint(error, UNIQUE_VIOLATION) !== constraint) throw error;
    throw new HygieneError(
      'NAME_TAKEN',
      `There is a ${noun} named ${JSON.stringify(name)} already; choose another name or change that one.`,
      { cause: error, details: { name } },
    );
  }
}

/** @throws HygieneError NOT_FOUND when `write` named a row that does not exist */
export async function requireReference<T>(
  noun: string,
  id: string | null,
  constraint: string,
  write: Promise<T>,
): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (violatedConstraint(error, FOREIGN_KEY_VIOLATION) !== constraint || id === null) throw error;
    throw notFound(noun, id);
  }
}
