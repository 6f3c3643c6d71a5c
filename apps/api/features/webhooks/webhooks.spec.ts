import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type ApiFixture } from '../../testing/api-fixture.js';

let api: ApiFixture;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const EDGES = '{ totalCount edges { node { event status scanIds } } pageInfo { endCursor } }';

it('lists webhooks with their address and the start of their logs, all logs in one query', async () => {
  const query = `{ webhooks(first: 2) { totalCount edges { node { kind url deliveries(first: 3) ${EDGES} } } } }`;
  const { data } = await api.graphql(query);
  const nodes = data.webhooks.edges.map(({ node }: { node: object }) => node);
  expect(nodes).toHaveLength(2);
  expect(nodes[1]).toMatchObject({
    ...{ kind: 'GITHUB', url: 'https://tags.example.test/hooks/w2' },
    deliveries: { totalCount: 1, edges: [{ node: { event: 'push', status: 'ACCEPTED', scanIds: ['s1'] } }] },
  });
  expect(api.loads['deliveries']).toBe(1);
});

it('goes on in a log', async () => {
  const { errors, data } = await api.graphql(
    `{ webhook(id: "w1") { deliveries(first: 1, after: "0") ${EDGES} } }`,
  );
  expect(errors).toEqual([]);
  expect(data.webhook.deliveries.edges).toEqual([]);
  const rest = await api.rest('GET', '/api/v1/webhooks/w1/deliveries?first=1&total=true');
  expect(rest.json()).toMatchObject({ items: [{ id: 'd-w1', event: 'push' }] });
});

it('shows a secret where it was made, and in the same words on both faces', async () => {
  const input = { name: 'forge', kind: 'GITHUB', targetIds: ['t1'] };
  const query =
    'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret webhook { id url } } }';
  const { data } = await api.graphql(query, { input });
  const rest = await api.rest('POST', '/api/v1/webhooks', { body: input });
  expect(rest.json()).toMatchObject(data.createWebhook);
  expect(data.createWebhook).toEqual({
    secret: 'whsec_once',
    webhook: { id: 'w1', url: 'https://tags.example.test/hooks/w1' },
  });
  const wrong = await api.rest('POST', '/api/v1/webhooks', {
    body: { ...input, targetIds: [], topicArn: 'x' },
  });
  expect(wrong.json<{ faults: { path: string }[] }>().faults.map(({ path }) => path)).toEqual([
    'targetIds',
    'topicArn',
  ]);
});
