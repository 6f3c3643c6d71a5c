import type { OperationName } from '#application';
import { PRESENTERS } from './presenters.js';

/** The columns of a CSV export: the fields of one row, as the API docs list them. */
export function columnsOf(name: OperationName): readonly string[] {
  const { schema } = PRESENTERS[name];
  return schema !== null && 'shape' in schema ? Object.keys(schema.shape as object) : [];
}
