import { z } from 'zod';
import * as answers from '../rest/answers.js';
import type { JsonSchema } from './json-schema.js';

const BASE = '#/components/schemas/';

/** All answers under their names, referring to each other. */
export function answerSchemas(): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const schema of Object.values(answers)) registry.add(schema, { id: nameOf(schema) });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `${BASE}${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _schema, $id: _id, ...schema }]) => [name, schema]),
  );
}

export function referenceTo(schema: z.ZodType): JsonSchema {
  return { $ref: `${BASE}${nameOf(schema)}` };
}

function nameOf(schema: z.ZodType): string {
  const id = schema.meta()?.id;
  if (id === undefined) throw new Error('An answer has no name; give its schema one in rest/answers.ts.');
  return id;
}
