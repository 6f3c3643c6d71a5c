import { OPERATIONS } from '#application';
import { Validator } from '@seriousme/openapi-schema-validator';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type ApiFixture } from '../testing/api-fixture.js';

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; parameters?: object[]; requestBody?: object }>>;
  components: { schemas: Record<string, object> };
}

describe('API docs', () => {
  let api: ApiFixture;
  let document: OpenApi;
  beforeAll(async () => {
    api = await startApi();
    document = (await api.rest('GET', '/api/docs/json', { token: null })).json<OpenApi>();
  });
  afterAll(() => api.close());

  it('are valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate({ ...structuredClone(document) });
    expect(result.errors ?? []).toEqual([]);
    expect([result.valid, document.openapi]).toEqual([true, '3.1.0']);
  });

  it('hold every operation at its address, and what is streamed beside them', () => {
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path}`,
      ),
    );
    const table = Object.entries(OPERATIONS).map(([name, { rest }]) => `${name} ${rest.method} ${rest.path}`);
    const beside = [
      'reportFile GET /reports/{id}/files/{format}',
      'rulePackSchema GET /rule-packs/schema.json',
      'scanEvents GET /scans/{id}/events',
      'scanFindings GET /scans/{id}/findings',
    ];
    expect(documented.sort()).toEqual([...table, ...beside].sort());
  });

  it('refer only to schemas that exist', () => {
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/(\w+)\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(30);
    const components = document.components as unknown as Record<string, Record<string, object>>;
    for (const [reference, kind = '', name = ''] of references)
      expect(components[kind]?.[name], reference).toBeDefined();
  });

  it('describe inputs in the spelling of the API', () => {
    const parameters = document.paths['/findings']?.['get']?.parameters as {
      name: string;
      schema: unknown;
    }[];
    expect(parameters.find(({ name }) => name === 'severities')?.schema).toEqual({
      type: 'array',
      items: { type: 'string', enum: ['INFO', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] },
      maxItems: 1_000,
    });
    expect(parameters.map(({ name }) => name)).toContain('total');
    expect(JSON.stringify(document.paths['/rule-packs/{name}']?.['put']?.requestBody)).toContain(
      'application/yaml',
    );
  });

  it('are served as YAML, too', async () => {
    const yaml = await api.rest('GET', '/api/docs/yaml', { token: null });
    expect(parse(yaml.body)).toEqual(document);
  });

  it('are a page of this service alone', async () => {
    const page = await api.rest('GET', '/api/docs/', { token: null });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source = '']) => source);
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      const asset = new URL(source, 'http://localhost/api/docs/');
      expect(asset.host).toBe('localhost');
      const reply = await api.rest('GET', asset.pathname, { token: null });
      expect([asset.pathname, reply.statusCode]).toEqual([asset.pathname, 200]);
      expect(reply.headers['content-security-policy']).toBeDefined();
    }
  });
});
