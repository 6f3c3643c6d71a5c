import { afterEach, describe, expect, it } from 'vitest';
import type { Page, ResourceRecord, TagRecord } from '#application';
import { startApi, type ApiFixture } from '../../testing/api-fixture.js';
import { sampleResource, sampleTag } from '../../testing/sample-records.js';

const at = '2026-03-01T08:00:00.000Z';
const MANIFEST = {
  digest: 'sha256:index',
  mediaType: 'application/vnd.oci.image.index.v1+json',
  artifactType: null,
  createdAt: at,
  bytes: 3_000_000_000,
  layers: 12,
  platforms: ['linux/amd64', 'linux/arm64/v8'],
  children: ['sha256:child'],
  subject: null,
};
const POINTER = { peeled: 'sha256:commit', annotated: true };
const NUMBERS = { bytes: 5_000_000_000, layers: 3, containers: null, manifests: 9, children: 2 };

const page = <T>(rows: readonly T[]): Page<T> => ({
  edges: rows.map((node, n) => ({ cursor: String(n), node })),
  hasNextPage: false,
  totalCount: async () => rows.length,
});
const TAGS: readonly TagRecord[] = [
  { ...sampleTag('g1', 't1'), name: 'v1', value: null, digest: 'sha256:index', ...POINTER },
  { ...sampleTag('g2', 't1'), name: 'latest', value: null, digest: 'sha256:index' },
  sampleTag('g3', 't1'),
];
const RESOURCES: readonly ResourceRecord[] = [{ ...sampleResource('r1', 't1'), ...NUMBERS }];

let api: ApiFixture;
let asked: unknown[];
afterEach(() => api.close());
async function start() {
  asked = [];
  api = await startApi({
    handlers: {
      tags: async (_viewer, input) => {
        asked.push(input);
        return page(TAGS);
      },
      resources: async () => page(RESOURCES),
    },
  });
}

describe('pointers', () => {
  it('say over GraphQL what they resolve to and what they hold, with one question for all', async () => {
    await start();
    const { data, errors } = await api.graphql(`{
      tags(filter: { digest: "sha256:index" }) { edges { node {
        name peeled annotated
        manifest { digest mediaType artifactType createdAt bytes layers platforms children subject }
      } } }
    }`);

    expect(errors).toEqual([]);
    expect(data.tags.edges.map(({ node }: { node: object }) => node)).toEqual([
      { name: 'v1', ...POINTER, manifest: MANIFEST },
      { name: 'latest', peeled: null, annotated: null, manifest: MANIFEST },
      { name: 'owner', peeled: null, annotated: null, manifest: null },
    ]);
    expect(api.loads).toEqual({ manifests: 1 });
    expect(asked).toMatchObject([{ digest: 'sha256:index' }]);
  });

  it.each(['application/json', 'application/x-ndjson'])('say the same over REST as %s', async (type) => {
    await start();
    const reply = await api.rest('GET', '/api/v1/tags?digest=sha256:index', { headers: { accept: type } });
    const rows: unknown =
      type === 'application/json'
        ? reply.json<{ items: unknown }>().items
        : reply.body
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as unknown);

    expect(rows).toMatchObject([
      { name: 'v1', ...POINTER, manifest: MANIFEST },
      { name: 'latest', peeled: null, annotated: null, manifest: MANIFEST },
      { name: 'owner', peeled: null, annotated: null, manifest: null },
    ]);
    expect(api.loads).toEqual({ manifests: 1 });
    expect(asked).toMatchObject([{ digest: 'sha256:index' }]);
  });
});

describe('resources', () => {
  it('say over GraphQL and REST how big they are and where their tags point', async () => {
    await start();
    const { data, errors } = await api.graphql(
      '{ resources { edges { node { digests bytes layers containers manifests children removable } } } }',
    );
    const reply = await api.rest('GET', '/api/v1/resources');

    const expected = { digests: ['sha256:index'], ...NUMBERS, removable: null };
    expect(errors).toEqual([]);
    expect(data.resources.edges[0].node).toEqual(expected);
    expect(reply.json<{ items: unknown[] }>().items).toMatchObject([expected]);
    expect(api.loads).toEqual({ digests: 2 });
  });
});
