import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sampleExplanation } from '../testing/sample-records.js';
import { startApi, tokenOf, type ApiFixture } from '../testing/api-fixture.js';

describe('GET /explain', () => {
  let api: ApiFixture;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());
  beforeEach(() => {
    api.seen.inputs.length = 0;
  });

  it('answers what GraphQL answers', async () => {
    const query = `query ($targetId: ID!, $reference: String) {
      explainTag(targetId: $targetId, reference: $reference) {
        resource name decision reason removable freesContent
        verdicts { ruleId rulePack decision reason } blockers { code message references hard }
        steps { action subject destroys command }
      }
    }`;
    const asked = { targetId: 't1', reference: 'docker.io/library/nginx' };
    const { data, errors } = await api.graphql(query, asked);
    expect(errors).toEqual([]);
    const reply = await api.rest('GET', `/api/v1/explain?${new URLSearchParams(asked).toString()}`);
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toEqual(sampleExplanation);
    expect(data.explainTag).toEqual(sampleExplanation);
    expect(api.seen.inputs).toEqual([asked, asked]);
  });

  it.each([
    ['targetId=t1', 'reference: expected either a reference, or a resource and the name of its tag'],
    ['targetId=t1&reference=a&resource=b', 'reference: expected either a reference'],
    ['targetId=t1&reference=a&name=b', 'name: goes with a resource'],
    ['targetId=t1&name=b', 'reference: expected either a reference'],
    ['reference=a', 'targetId'],
  ])('refuses %s', async (query, detail) => {
    const reply = await api.rest('GET', `/api/v1/explain?${query}`);
    expect(reply.statusCode).toBe(400);
    expect(reply.json<{ detail: string }>().detail).toContain(detail);
  });

  it('takes a resource without a name', async () => {
    expect((await api.rest('GET', '/api/v1/explain?targetId=t1&resource=i-1')).statusCode).toBe(200);
  });

  it('knows no target that a narrowed token may not see', async () => {
    const of = async (id: string) => {
      const reply = await api.rest('GET', `/api/v1/explain?targetId=${id}&reference=a`, {
        token: tokenOf('t1'),
      });
      return [reply.statusCode, reply.json<{ detail?: string }>().detail?.replace(id, 'ID')];
    };
    expect(await of('t2')).toEqual(await of('t3'));
    expect((await of('t2'))[0]).toBe(404);
    expect((await of('t1'))[0]).toBe(200);
  });
});
