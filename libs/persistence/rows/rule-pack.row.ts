import type { Selectable } from 'kysely';
import type { RulePackRecord } from '#application';
import type { RulePackVersionTable } from '../schema.js';

export function rulePackRecord(row: Selectable<RulePackVersionTable>): RulePackRecord {
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    document: row.document,
    rules: row.rules,
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}
