import { HygieneError } from '#core';
import { z } from 'zod';

const problem = z.looseObject({ title: z.string(), detail: z.string().optional() });

/** The REST API as any user would call it. */
export class ApiClient {
  constructor(
    private readonly base: string,
    private readonly token: string,
  ) {}

  async get<T extends z.ZodType>(path: string, reply: T): Promise<z.output<T>> {
    return this.send('GET', path, reply);
  }

  async send<T extends z.ZodType>(
    method: string,
    path: string,
    reply: T,
    body?: unknown,
  ): Promise<z.output<T>> {
    const yaml = typeof body === 'string';
    const response = await fetch(new URL(`/api/v1${path}`, this.base), {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': yaml ? 'application/yaml' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: yaml ? body : JSON.stringify(body) }),
      redirect: 'manual',
    });
    const content: unknown = await response.json();
    if (!response.ok) {
      const { title, detail } = problem.parse(content);
      throw new HygieneError('INTERNAL', `${method} ${path} answered ${response.status}: ${detail ?? title}`);
    }
    return reply.parse(content);
  }
}
