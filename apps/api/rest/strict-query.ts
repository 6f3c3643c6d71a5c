import { HygieneError } from '#core';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

/** @throws HygieneError INPUT_INVALID that names every fault of the query, unknown parameters among them */
export function strictQuery<S extends z.ZodRawShape>(
  { query }: Pick<FastifyRequest, 'query'>,
  shape: S,
): z.output<z.ZodObject<S>> {
  const parsed = z.strictObject(shape).safeParse(query);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const text = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  throw new HygieneError('INPUT_INVALID', text, { faults });
}
