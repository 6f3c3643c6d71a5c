import type { z } from 'zod';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** How a pack writes what a schema reads, for the published JSON Schema, where the schema itself cannot say it. */
export interface WrittenForm {
  /** It is written once, under this name, and referred to. */
  readonly name?: string;
  /**
   * @param own what the schema says of itself
   * @param of how another schema is written
   */
  json(own: JsonSchema, of: (schema: z.ZodType) => JsonSchema): JsonSchema;
}

const FORMS = new WeakMap<object, WrittenForm>();

/** Gives a schema its written form, and the schema back. */
export function writtenAs<T extends z.ZodType>(schema: T, form: WrittenForm | JsonSchema): T {
  FORMS.set(schema, isForm(form) ? form : { json: () => form });
  return schema;
}

/** As `writtenAs`, for what its schema says well and is the same wherever it stands. */
export const sharedAs = <T extends z.ZodType>(name: string, schema: T): T =>
  writtenAs(schema, { name, json: (own) => own });

export const writtenForm = (schema: object): WrittenForm | undefined => FORMS.get(schema);

const isForm = (form: WrittenForm | JsonSchema): form is WrittenForm => typeof form['json'] === 'function';
