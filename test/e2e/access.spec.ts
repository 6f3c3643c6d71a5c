import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from './support/client.js';
import { startService, temporaryDirectory, type Started } from './support/service.js';

describe('access', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let service: Started;
  let admin: Client;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    service = await startService({ dataDir: directory.path });
    admin = new Client(service.url);
  });
  afterAll(async () => {
    await service.stop();
    await directory.remove();
  });

  async function tokenFor(
    name: string,
    scopes: string[],
    targetIds?: string[],
  ): Promise<{ client: Client; id: string }> {
    const { status, body } = await admin.rest('POST', '/api-tokens', {
      name,
      scopes,
      ...(targetIds && { targetIds }),
    });
    expect(status, JSON.stringify(body)).toBe(201);
    return { client: new Client(service.url, body.token), id: body.apiToken.id };
  }
  async function target(name: string): Promise<string> {
    const { body } = await admin.rest('POST', '/targets', { name, ec2: { regions: ['eu-west-1'] } });
    return body.id;
  }

  it.each([
    [null, 'UNAUTHENTICATED'],
    ['twd_unknown', 'UNAUTHENTICATED'],
    ['', 'UNAUTHENTICATED'],
  ])('refuses the token %j on both faces', async (token, code) => {
    const client = new Client(service.url, token);

    const rest = await client.rest('GET', '/targets');
    const graphql = await client.graphql('{ targets { totalCount } }');

    expect(rest.status).toBe(401);
    expect(rest.body).toMatchObject({ code, status: 401 });
    expect(rest.headers.get('www-authenticate')).toContain('Bearer');
    expect(graphql.errors[0]).toMatchObject({ extensions: { code } });
  });

  it('lets a token do what its scopes say, says which one is missing, and the same through both faces', async () => {
    const { client } = await tokenFor('reader', ['READ']);
    const body = { name: 'x', ec2: { regions: ['eu-west-1'] } };

    const rest = await client.rest('POST', '/targets', body);
    const graphql = await client.graphql(
      'mutation ($input: CreateTargetInput!) { createTarget(input: $input) { id } }',
      { input: body },
    );

    expect((await client.rest('GET', '/targets')).status).toBe(200);
    expect(rest.status).toBe(403);
    expect(rest.body.detail).toContain('ADMIN');
    expect(graphql.errors[0]).toMatchObject({ message: rest.body.detail, extensions: { code: 'FORBIDDEN' } });
  });

  it('shows a narrowed token its own targets, and of others not even that they exist', async () => {
    const [mine, other] = [await target('mine'), await target('other')];
    const { client } = await tokenFor('narrow', ['ADMIN'], [mine]);
    const ids = (reply: { items: { id: string }[] }) => reply.items.map(({ id }) => id);

    expect(ids((await client.rest('GET', '/targets')).body)).toEqual([mine]);
    const foreign = await client.rest('GET', `/targets/${other}`);
    const unknown = await client.rest('GET', '/targets/0199aaaa-0000-7000-8000-000000000000');
    expect(foreign.status).toBe(404);
    expect(unknown.status).toBe(404);
    expect(foreign.body.title).toBe(unknown.body.title);
    for (const [method, path, body] of [
      ['PATCH', `/targets/${other}`, { name: 'stolen' }],
      ['DELETE', `/targets/${other}`, undefined],
      ['POST', `/targets/${other}/probe`, {}],
      ['POST', '/scans', { targetId: other }],
      ['POST', '/reports', { targetIds: [other] }],
    ] as const) {
      expect((await client.rest(method, path, body)).status, `${method} ${path}`).toBe(404);
    }
    expect((await client.rest('GET', '/audit-events')).status).toBe(403);
    expect((await admin.rest('GET', `/targets/${other}`)).body.name).toBe('other');
  });

  it('shows a token once, lists it by its prefix, and refuses it the moment it is revoked', async () => {
    const { client, id } = await tokenFor('short-lived', ['READ']);
    const listed = await admin.rest('GET', '/api-tokens?first=200');

    expect(JSON.stringify(listed.body)).not.toContain(client.token);
    expect(listed.body.items).toContainEqual(
      expect.objectContaining({ id, prefix: client.token?.slice(0, 12) }),
    );
    expect((await client.rest('GET', '/me')).body).toMatchObject({
      subject: 'token:short-lived',
      scopes: ['READ'],
    });

    expect((await admin.rest('DELETE', `/api-tokens/${id}`)).status).toBe(204);
    expect((await client.rest('GET', '/me')).status).toBe(401);
  });
});
