import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import {
  freePort,
  officialImages,
  pushImages,
  runGit,
  startDockerRegistry,
  startGitHttpBackend,
  type DockerRegistry,
  type Ec2Sandbox,
  type GitHttpBackend,
} from '#testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS, type BackendUnderTest } from './support/backends.js';
import { Client } from './support/client.js';
import { ec2Target, instance, instanceId, startEc2 } from './support/ec2.js';
import { deliver, hubHeaders, makeHook, scanIdsOf, untilTagged, type MadeHook } from './support/hooks.js';
import { startService, temporaryDirectory, type Started } from './support/service.js';

const SPEC = { spec: import.meta.url };
const IMAGE = 'library/adminer';
const CONTENT = officialImages({ repositories: ['adminer'], architectures: 1 });
/** What an administrator writes into a repository: signs with openssl, delivers with curl. */
const POST_RECEIVE = `#!/bin/sh
set -e
body='{"type":"push","data":{"resources":["team/site"]}}'
id="msg_$(openssl rand -hex 12)"
at="$(date +%s)"
key="$(printf %s "$TAGWARD_SECRET" | sed 's/^whsec_//' | base64 -d | od -An -tx1 | tr -d ' \\n')"
mac="$(printf '%s.%s.%s' "$id" "$at" "$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)"
curl -fsS -o /dev/null --retry 3 -H "webhook-id: $id" -H "webhook-timestamp: $at" -H "webhook-signature: v1,$mac" \\
  -H 'content-type: application/json' --data-binary "$body" "$TAGWARD_URL"
`;

describe.for(Object.keys(BACKENDS))('webhooks, with %s', (backendName) => {
  let backend: BackendUnderTest | null;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let service: Started;
  let client: Client;
  let git: GitHttpBackend;
  let sandbox: Ec2Sandbox;
  let site: string;
  let account: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    backend = (await BACKENDS[backendName]?.()) ?? null;
    if (backend === null) return;
    await runGit(['init', '--bare', '-q', '-b', 'main', repository()]);
    git = await startGitHttpBackend({ root: join(directory.path, 'git') });
    sandbox = await startEc2([instance(1, 'eu-west-1', { enviroment: 'a' }), instance(2, 'eu-west-1', {})]);
    service = await startService({
      dataDir: join(directory.path, 'data'),
      env: { ...backend.env, TAGWARD_OUTBOUND_ALLOW: '127.0.0.1' },
    });
    client = new Client(service.url);
    await client.rest('PUT', '/rule-packs/refs', 'pack: refs\nrules:\n  - { id: moved, kind: moved-tag }\n');
    site = await target('site', { git: { url: `${git.url}/team/site.git` } });
    account = await ec2Target(client, sandbox, {
      name: 'account',
      regions: ['eu-west-1'],
      resourceTypes: ['instance'],
    });
  });
  afterAll(async () => {
    await service?.stop();
    await git?.close();
    await sandbox?.close();
    await backend?.close();
    await directory.remove();
  });

  const repository = () => join(directory.path, 'git', 'team', 'site.git');

  async function target(name: string, platform: object): Promise<string> {
    const { status, body } = await client.rest('POST', '/targets', { name, ...platform });
    expect(status, JSON.stringify(body)).toBe(201);
    return body.id;
  }

  async function commitAndPush(tag: string, hook?: MadeHook): Promise<void> {
    const work = join(directory.path, `work-${tag}`);
    const config = ['-c', 'user.name=t', '-c', 'user.email=t@example.test'];
    await runGit(['init', '-q', '-b', 'main', work]);
    await runGit([...config, '-C', work, 'commit', '-q', '--allow-empty', '-m', tag]);
    await runGit([...config, '-C', work, 'tag', '-a', '-m', tag, tag]);
    if (hook !== undefined) {
      const file = join(repository(), 'hooks', 'post-receive');
      await mkdir(join(repository(), 'hooks'), { recursive: true });
      const settings = `export TAGWARD_SECRET='${hook.secret}' TAGWARD_URL='${hook.url}'\n`;
      await writeFile(file, POST_RECEIVE.replace('set -e\n', `set -e\n${settings}`));
      await chmod(file, 0o755);
    }
    await runGit(['-C', work, 'push', '-q', '--force', repository(), 'main', tag]);
  }

  it('a post-receive hook with openssl and curl starts a scan of the repository', async ({ skip }) => {
    if (backend === null) return skip();
    const hook = await makeHook(client, { name: 'post-receive', kind: 'GENERIC', targetIds: [site] });
    await commitAndPush('v1.0.0', hook);
    const scan = await untilTagged(client, site, 'v1.0.0');
    expect(scan).toMatchObject({ trigger: 'WEBHOOK', scopes: ['team/site'] });
    const { body } = await client.rest('GET', `/webhooks/${hook.id}/deliveries`);
    expect(body.items).toMatchObject([
      { event: 'push', status: 'ACCEPTED', responseCode: 202, scanIds: [scan.id] },
    ]);
  });

  it('A14: docker-registry tells of a push, and just that repository is read', async ({ skip }) => {
    if (backend === null) return skip();
    const port = await freePort();
    const images = await target('images', { registry: { url: `http://127.0.0.1:${port}` } });
    const hook = await makeHook(client, { name: 'registry', kind: 'DISTRIBUTION', targetIds: [images] });
    const notify = { url: hook.url, authorization: `Bearer ${hook.secret}` };
    const registry: DockerRegistry | null = await startDockerRegistry({ ...SPEC, port, notify });
    if (registry === null) return skip();
    try {
      await pushImages(registry.url, CONTENT);
      const [tag = ''] = Object.keys(CONTENT[IMAGE]?.tags ?? {});
      expect(await untilTagged(client, images, tag)).toMatchObject({ scopes: [IMAGE] });
      const { webhook } = await client.data(
        `{ webhook(id: "${hook.id}") { lastDeliveryAt refusedDeliveries deliveries(first: 200) { edges { node { status event } } } } }`,
      );
      expect(webhook).toMatchObject({ lastDeliveryAt: expect.any(String), refusedDeliveries: 0 });
      const statuses = webhook.deliveries.edges.map(({ node }: { node: { status: string } }) => node.status);
      expect(statuses).toContain('ACCEPTED');
      expect(statuses).not.toContain('REFUSED');
    } finally {
      await registry.stop();
    }
  });

  it('what the forges publish as examples is taken', async ({ skip }) => {
    if (backend === null) return skip();
    const hub = await makeHook(client, { name: 'hub', kind: 'GITHUB', targetIds: [site, account] });
    const project = {
      full_name: 'Team/Site',
      clone_url: 'https://github.test/Team/Site.git',
      default_branch: 'main',
    };
    const events: [string, object, number][] = [
      ['ping', { zen: 'Keep it logically awesome.', hook_id: 1, repository: project }, 0],
      [
        'push',
        { ref: 'refs/tags/simple-tag', before: 'a'.repeat(40), deleted: true, repository: project },
        1,
      ],
      ['create', { ref: 'simple-tag', ref_type: 'tag', pusher_type: 'user', repository: project }, 1],
      [
        'registry_package',
        {
          action: 'published',
          registry_package: { name: 'x', ecosystem: 'CONTAINER', owner: { login: 'team' } },
        },
        0,
      ],
      ['push', { ref: 'refs/tags/v1', repository: { full_name: 'Codertocat/Hello-World' } }, 0],
    ];
    for (const [event, payload, scans] of events) {
      const body = JSON.stringify(payload);
      const reply = await deliver(hub.url, body, hubHeaders(hub.secret, event, body));
      expect([event, scanIdsOf(reply).length]).toEqual([event, scans]);
    }
    const lab = await makeHook(client, { name: 'lab', kind: 'GITLAB', targetIds: [site] });
    const push = {
      object_kind: 'tag_push',
      ref: 'refs/tags/v1',
      project: { path_with_namespace: 'team/site' },
    };
    expect(
      scanIdsOf(await deliver(lab.url, JSON.stringify(push), { 'x-gitlab-token': lab.secret })),
    ).toHaveLength(1);
    const harbor = await makeHook(client, { name: 'harbor', kind: 'HARBOR', targetIds: [site] });
    const artifact = { type: 'PUSH_ARTIFACT', event_data: { repository: { repo_full_name: 'team/site' } } };
    const nowhere = await deliver(harbor.url, JSON.stringify(artifact), { authorization: harbor.secret });
    expect(scanIdsOf(nowhere)).toEqual([]);
  });

  it('A13: an event of EventBridge starts a scan of just that instance', async ({ skip }) => {
    if (backend === null) return skip();
    const hook = await makeHook(client, { name: 'bus', kind: 'EVENTBRIDGE', targetIds: [account] });
    const id = instanceId(1);
    const event = {
      ...{ version: '0', id: '7bf73129-1428-4cd3-a780-95db273d1602', source: 'aws.ec2', region: 'eu-west-1' },
      ...{ 'detail-type': 'EC2 Instance State-change Notification', account: '123456789012' },
      detail: { 'instance-id': id, state: 'pending' },
    };
    const reply = await deliver(hook.url, JSON.stringify(event), { 'x-tagward-token': hook.secret });
    const [scanId = ''] = scanIdsOf(reply);
    expect(await client.scanEnd(scanId)).toMatchObject({ status: 'SUCCEEDED', scopes: [id], resources: 1 });
  });

  it('W5, W10: copies are one delivery; a bad signature and a strange address are told the same', async ({
    skip,
  }) => {
    if (backend === null) return skip();
    const hook = await makeHook(client, { name: 'copies', kind: 'GITHUB', targetIds: [site] });
    const body = JSON.stringify({ repository: { full_name: 'team/site' } });
    const headers = hubHeaders(hook.secret, 'push', body);
    const copies = await Promise.all(Array.from({ length: 50 }, () => deliver(hook.url, body, headers)));
    expect(new Set(copies.map((copy) => scanIdsOf(copy).join())).size).toBe(1);
    const bad = hubHeaders('another', 'push', body);
    const strange = hook.url.replace(hook.id, '01890000-0000-7000-8000-000000000000');
    const refused = [
      await deliver(hook.url, body, bad),
      await deliver(strange, body, bad),
      await deliver(strange, body, headers),
    ];
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(new Set(refused.map(({ text }) => text)).size).toBe(1);
    const { body: audit } = await client.rest('GET', `/audit-events?subject=webhook:${hook.id}`);
    expect(audit.items.map(({ action }: { action: string }) => action)).toContain('webhook.create');
  });

  it('rotates and deletes over REST; no secret is in the log of the service', async ({ skip }) => {
    if (backend === null) return skip();
    const input = { name: 'rotated', kind: 'GITHUB', targetIds: [site] };
    const { status, body: made } = await client.rest('POST', '/webhooks', input);
    expect(status).toBe(201);
    const rotated = await client.rest('POST', `/webhooks/${made.webhook.id}/secret`);
    expect(rotated.body.webhook.previousSecretUntil).not.toBeNull();
    const ping = (secret: string) => deliver(made.webhook.url, '{}', hubHeaders(secret, 'ping', '{}'));
    for (const secret of [made.secret, rotated.body.secret]) expect((await ping(secret)).status).toBe(202);
    expect((await client.rest('DELETE', `/webhooks/${made.webhook.id}`)).status).toBe(204);
    expect((await ping(rotated.body.secret)).status).toBe(401);
    for (const secret of [made.secret, rotated.body.secret]) expect(service.output()).not.toContain(secret);
  });

  it('W23: whoever sends a byte now and then is hung up on; the others notice nothing', async ({ skip }) => {
    if (backend === null || backendName !== 'embedded') return skip();
    const { hostname, port } = new URL(service.url);
    const open = new Set<Socket>();
    for (let n = 0; n < 500; n += 1) {
      const socket = connect(Number(port), hostname).on('error', () => {});
      open.add(socket.on('close', () => open.delete(socket)));
      socket.write('POST /hooks/x HTTP/1.1\r\nhost: x\r\nx-slow: ');
    }
    const drip = setInterval(() => {
      for (const socket of open) socket.write('x');
    }, 2_000);
    const slowest: number[] = [];
    try {
      await expect
        .poll(
          async () => {
            const began = performance.now();
            await fetch(`${service.url}/health/live`);
            slowest.push(performance.now() - began);
            return open.size;
          },
          { timeout: 25_000, interval: 100 },
        )
        .toBe(0);
    } finally {
      clearInterval(drip);
    }
    const sorted = slowest.toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length * 0.9)]).toBeLessThan(100);
  });

  it('W24: without its database it asks to be tried again', async ({ skip }) => {
    if (backend === null || backendName === 'embedded') return skip();
    const hook = await makeHook(client, { name: 'last', kind: 'GITHUB', targetIds: [site] });
    await backend.close();
    backend = null;
    const reply = await deliver(hook.url, '{}', hubHeaders(hook.secret, 'push', '{}'));
    expect([reply.status, Number(reply.headers.get('retry-after'))]).toEqual([503, expect.any(Number)]);
  });
});
