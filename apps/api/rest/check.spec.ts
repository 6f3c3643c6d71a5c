import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, type ApiFixture } from '../testing/api-fixture.js';

const BODY = { platform: 'GIT', resource: 'acme/app', tags: ['wip'] };

/** The answer's worst finding is MEDIUM. */
describe('POST /check', () => {
  let api: ApiFixture;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());
  beforeEach(() => {
    api.seen.inputs.length = 0;
  });

  it.each([
    ['', 200],
    ['?failOn=high', 200],
    ['?failOn=MEDIUM', 422],
    ['?failOn=medium', 422],
    ['?failOn=info', 422],
  ])('%s answers %i, and the same body', async (query, status) => {
    const plain = await api.rest('POST', '/api/v1/check', { body: BODY });
    const reply = await api.rest('POST', `/api/v1/check${query}`, { body: BODY });
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toEqual(plain.json());
    expect(reply.json()).toMatchObject({ worst: 'MEDIUM', findings: [{ tag: 'wip' }] });
  });

  it('takes no other parameter, and no severity that there is none of', async () => {
    const wrong = await api.rest('POST', '/api/v1/check?failOn=bad', { body: BODY });
    expect(wrong.statusCode).toBe(400);
    expect(wrong.json<{ detail: string }>().detail).toContain('failOn: expected one of INFO, LOW, MEDIUM');
    const other = await api.rest('POST', '/api/v1/check?platform=GIT', { body: BODY });
    expect(other.json<{ detail: string }>().detail).toContain('platform: belongs in the body');
    expect(api.seen.inputs).toEqual([]);
  });

  it.each([
    [{ ...BODY, tags: undefined }, 'tags: expected an object of keys and values, or a list of names'],
    [{ ...BODY, tags: null }, 'tags: expected an object of keys and values, or a list of names'],
    [{ ...BODY, resource: '' }, 'resource'],
    [{ ...BODY, platform: 'SVN' }, 'platform'],
  ])('refuses %j', async (body, detail) => {
    const reply = await api.rest('POST', '/api/v1/check', { body });
    expect(reply.statusCode).toBe(400);
    expect(reply.json<{ detail: string }>().detail).toContain(detail);
  });

  it('is a list of findings over GraphQL, with what was asked passed on whole', async () => {
    const query = `query ($input: CheckTagsInput!) {
      checkTags(input: $input) { ruleId rulePack severity resource tag message suggestion }
    }`;
    const input = { ...BODY, target: 'forge', resourceType: 'repository', rulePacks: ['acme'] };
    const { data, errors } = await api.graphql(query, { input });
    expect(errors).toEqual([]);
    expect(data.checkTags).toEqual([
      expect.objectContaining({ severity: 'MEDIUM', tag: 'wip', suggestion: null }),
    ]);
    expect(api.seen.inputs).toEqual([{ ...input, platform: 'git' }]);
  });
});
