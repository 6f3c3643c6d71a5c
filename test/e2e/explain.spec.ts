import { join } from 'node:path';
import { officialImages, startDockerRegistry, type DockerRegistry } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from './support/client.js';
import { startService, temporaryDirectory, type Started } from './support/service.js';

const CONTENT = officialImages({ repositories: ['adminer'], architectures: 2 });
const PACK = `pack: images
protect: [{ platforms: [registry], tags: [{ exact: latest }] }]
rules:
  - { id: no-wip, kind: name-pattern, mustNot: { re2: '(wip|tmp)([-_.].*)?' }, severity: medium, fix: untag }
  - { id: semver, kind: version-form, on: { platforms: [git] }, scheme: semver, prefix: v, severity: low, fix: alias }
  - { id: signed, kind: unsigned-tag, on: { platforms: [git] }, severity: info }
  - id: keep-one
    kind: retention
    on: { platforms: [registry] }
    tags: [{ re2: '\\d+\\.\\d+\\.\\d+' }]
    keep: { any: [{ newest: 1, orderBy: semver }] }
    severity: low
    fix: untag
`;
const EXPLAIN = `query ($targetId: ID!, $reference: String, $resource: String, $name: String) {
  explainTag(targetId: $targetId, reference: $reference, resource: $resource, name: $name) {
    resource name decision reason removable freesContent
    verdicts { ruleId rulePack decision reason } blockers { code message references hard }
    steps { action subject destroys command }
  }
}`;
const CHECK = `query ($input: CheckTagsInput!) {
  checkTags(input: $input) { ruleId rulePack severity resource tag message suggestion }
}`;
/** A warm check on an idle machine takes some 2 ms; another process may take the processor meanwhile. */
const WARM_MS = 10;

describe('admission and explanation', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let registry: DockerRegistry | null;
  let service: Started;
  let client: Client;
  let target: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    registry = await startDockerRegistry({ spec: import.meta.url, content: CONTENT });
    service = await startService({
      dataDir: join(directory.path, 'data'),
      env: { TAGWARD_OUTBOUND_ALLOW: '127.0.0.1' },
    });
    client = new Client(service.url);
    await client.rest('PUT', '/rule-packs/images', PACK);
    if (registry === null) return;
    const made = await client.rest('POST', '/targets', { name: 'images', registry: { url: registry.url } });
    target = made.body.id;
    await client.rest('POST', `/targets/${target}/probe`);
    await client.scan(target);
  });
  afterAll(async () => {
    await service?.stop();
    await registry?.stop();
    await directory.remove();
  });

  const check = (query: string, body: object) => client.rest('POST', `/check${query}`, body);

  it('says before a push what a scan would find after it, and fails when it is asked to', async () => {
    const proposed = { platform: 'GIT', resource: 'acme/app', tags: ['v1.2.0', '1.3.0', 'wip'] };
    const plain = await check('', proposed);
    expect(plain.status).toBe(200);
    expect(plain.body).toMatchObject({ worst: 'MEDIUM', rulePacks: [{ name: 'images', version: 1 }] });
    const found = plain.body.findings.map(({ severity, ruleId, tag }: Record<string, string>) => [
      severity,
      ruleId,
      tag,
    ]);
    expect(found).toEqual([
      ['MEDIUM', 'no-wip', 'wip'],
      ['LOW', 'semver', '1.3.0'],
      ['LOW', 'semver', 'wip'],
    ]);
    expect(plain.body.notEvaluated).toEqual([
      { rulePack: 'images', ruleId: 'signed', needs: 'whether tags are signed', resources: 1 },
    ]);
    const failed = await check('?failOn=medium', proposed);
    expect([failed.status, failed.body]).toEqual([422, plain.body]);
    expect((await check('?failOn=high', proposed)).status).toBe(200);
    const { checkTags } = await client.data(CHECK, { input: proposed });
    expect(checkTags).toEqual(plain.body.findings);
  });

  it('names the place of what is wrong with a proposal', async () => {
    const { status, body } = await check('', { platform: 'GIT', resource: 'a', tags: ['a', 'b', 'c', ''] });
    expect(status).toBe(400);
    expect(body.faults).toEqual([expect.objectContaining({ path: 'tags.3' })]);
    expect((await check('', { platform: 'GIT', resource: 'a', tags: [], rulePacks: ['none'] })).status).toBe(
      404,
    );
  });

  it('answers a check at once when its packs are known', async () => {
    const proposed = { platform: 'REGISTRY', resource: 'acme/app', tags: ['1.2.0'] };
    const times: number[] = [];
    for (let round = 0; round < 60; round += 1) {
      const start = performance.now();
      await check('', proposed);
      times.push(performance.now() - start);
    }
    expect(Math.min(...times.slice(10))).toBeLessThan(WARM_MS);
  });

  it('explains a tag of a real registry, on both faces alike', async ({ skip }) => {
    if (registry === null) return skip();
    const asked = { targetId: target, reference: 'adminer' };
    const { explainTag } = await client.data(EXPLAIN, asked);
    expect(explainTag).toMatchObject({
      resource: 'library/adminer',
      name: 'latest',
      decision: 'KEEP',
      freesContent: false,
    });
    expect(explainTag.verdicts).toEqual([
      expect.objectContaining({ ruleId: null, rulePack: 'images', decision: 'KEEP' }),
    ]);
    const codes = explainTag.blockers.map(({ code }: { code: string }) => code);
    expect(codes).toEqual(expect.arrayContaining(['PROTECTED', 'SHARED_CONTENT', 'READ_ONLY_TARGET']));
    const { body } = await client.rest('GET', `/explain?${new URLSearchParams(asked).toString()}`);
    expect(body).toEqual(explainTag);
  });

  it('agrees with the findings of the scan, tag by tag', async ({ skip }) => {
    if (registry === null) return skip();
    const { body } = await client.rest('GET', `/findings?targetIds=${target}&states=OPEN&first=200`);
    const condemned = new Set(body.items.map(({ tag }: { tag: string }) => tag));
    const names = Object.keys(CONTENT['library/adminer']?.tags ?? {});
    expect(condemned.size).toBeGreaterThan(0);
    for (const name of names) {
      const { explainTag } = await client.data(EXPLAIN, {
        targetId: target,
        resource: 'library/adminer',
        name,
      });
      const untagged = explainTag.verdicts.some(({ decision }: { decision: string }) => decision === 'UNTAG');
      expect([name, untagged]).toEqual([name, condemned.has(name)]);
    }
  });

  it('takes a digest and its beginning, and tells of what holds it', async ({ skip }) => {
    if (registry === null) return skip();
    const digest = CONTENT['library/adminer']?.tags['6.0.1']?.digest ?? '';
    const whole = await client.data(EXPLAIN, { targetId: target, reference: `adminer@${digest}` });
    const short = await client.data(EXPLAIN, { targetId: target, reference: digest.slice(0, 20) });
    expect(short).toEqual(whole);
    expect(whole.explainTag).toMatchObject({ name: null, resource: 'library/adminer' });
  });

  it('shows a narrowed token nothing of other targets', async ({ skip }) => {
    if (registry === null) return skip();
    const other = await client.rest('POST', '/targets', { name: 'other', registry: { url: registry.url } });
    const token = { name: 'narrow', scopes: ['READ'], targetIds: [other.body.id] };
    const made = await client.rest('POST', '/api-tokens', token);
    const narrow = new Client(service.url, made.body.token);
    const { status } = await narrow.rest('GET', `/explain?targetId=${target}&reference=adminer`);
    expect(status).toBe(404);
    expect(
      (await narrow.rest('POST', '/check', { platform: 'GIT', resource: 'a', tags: ['v1'] })).status,
    ).toBe(200);
  });
});
