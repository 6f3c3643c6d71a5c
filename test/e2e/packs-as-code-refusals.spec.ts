import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFront, type Front } from './support/front.js';
import { inSyncWorld, pack, schedule, target } from './support/sync-world.js';

describe('what tagward sync refuses', () => {
  const place = inSyncWorld();
  const { sync } = place;

  it('says every fault of every file at once, and changes nothing', async () => {
    await place.rules.write(
      'packs/typo.yaml',
      'pack: typo\nruels: []\nrules:\n  - { id: a, kind: tag-budgte }\n',
    );
    await place.rules.write('targets/bad.yaml', 'target: bad\nmod: WRITE\nec2: { regions: [mars] }\n');
    await place.rules.write('schedules/bad.yaml', 'schedule: bad\ncron: whenever\n');

    const { code, out, err } = await sync();

    expect([code, out]).toEqual([1, '']);
    expect(err.split('\n').map((line) => line.split(': ')[0])).toEqual([
      'packs/typo.yaml:2:1',
      'packs/typo.yaml:4:20',
      'schedules/bad.yaml:2:7',
      'targets/bad.yaml:2:1',
      'targets/bad.yaml:3:18',
      '5 faults; nothing was changed.',
      '',
    ]);
    expect(err).toContain('A target has no field "mod". Did you mean "mode"?');
    expect(await place.world.names('rule-packs')).toEqual([]);
  });

  it('checks names against the service before it writes', async () => {
    await place.rules.write('targets/web.yaml', target('web', 'credential: forgee\nrulePacks: [bsae]\n'));
    await place.rules.write('schedules/nightly.yaml', schedule('nightly', 'targets: [webb]\n'));
    const { body } = await place.admin.rest('POST', '/credentials', {
      ...{ name: 'forge', kind: 'BEARER', secret: { token: 's3cret' } },
    });

    const { code, err } = await sync();

    expect(code).toBe(1);
    expect(err).toContain(
      'targets/web.yaml:3:13: There is no credential "forgee" on the service; store it there first. Did you mean "forge"?',
    );
    expect(err).toContain('targets/web.yaml:4:13: There is no rule pack "bsae"');
    expect(err).toContain('schedules/nightly.yaml:3:11: There is no target "webb"');
    expect(await place.world.names('rule-packs')).toEqual([]);

    await place.rules.write('targets/web.yaml', target('web', 'credential: forge\nrulePacks: [base]\n'));
    await place.rules.delete('schedules/nightly.yaml');
    expect((await sync()).err).toContain('ec2 takes a credential of kind AWS_ACCESS_KEY; "forge" is BEARER.');
    await place.rules.write(
      'targets/web.yaml',
      'target: web\ncredential: forge\ngit: { url: "https://git.example.com/a.git" }\n',
    );
    expect((await sync()).code).toBe(0);
    expect(await place.world.rows('targets')).toMatchObject([{ credentialId: body.id }]);
    expect((await sync()).out).toMatch(/^No difference/);
  });

  it('says where it stopped, and goes on from there', async () => {
    await place.rules.write('targets/lan.yaml', 'target: lan\nregistry: { url: "http://10.0.0.1:5000" }\n');

    const stopped = await sync();

    expect(stopped.code).toBe(1);
    expect(stopped.out).toContain('Created rule pack base.\n');
    expect(stopped.err).toMatch(/^Stopped at the target "lan", to be created: .*ADDRESS_REFUSED/);
    expect(stopped.err).toContain('1 of the changes above were made');
    await place.rules.delete('targets/lan.yaml');
    expect((await sync()).out).toContain('Plan: 2 to create, 0 to change, 0 to remove, 1 unchanged.');
  });

  it('says what the API cannot take back', async () => {
    await sync();
    await place.rules.write('targets/web.yaml', target('web'));

    expect((await sync()).err).toContain(
      '"web" has rule packs of its own (base), and the API cannot take that back',
    );
    await place.rules.write(
      'targets/web.yaml',
      'target: web\ngit: { url: "https://git.example.com/a.git" }\n',
    );
    expect((await sync()).err).toContain('"web" is on ec2, and a target does not change its platform');
  });

  describe('beside somebody else', () => {
    let front: Front;
    let meddle: { readonly at: string; readonly by: () => Promise<unknown> } | null;
    beforeEach(async () => {
      meddle = null;
      front = await startFront(async (method, path) => {
        const due = meddle !== null && `${method} ${path}`.startsWith(meddle.at) ? meddle : null;
        if (due === null) return;
        meddle = null;
        await due.by();
      });
      front.route('/', place.world.service.url);
    });
    afterEach(() => front.close());

    it('does not write over a pack that was changed since it was read', async () => {
      await sync();
      await place.rules.write('packs/base.yaml', pack('base', 40));
      meddle = {
        at: 'PUT /api/v1/rule-packs/base',
        by: () => place.admin.rest('PUT', '/rule-packs/base', pack('base', 30)),
      };

      const { code, err } = await sync([], { TAGWARD_URL: front.url });

      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/^Conflict: somebody else changed the rule pack "base"/),
      ]);
      expect((await place.admin.rest('GET', '/rule-packs/base')).body).toMatchObject({
        document: pack('base', 30),
      });
    });

    it('takes it for done when the other one wanted the same', async () => {
      let theirs = 0;
      meddle = {
        at: 'PUT /api/v1/rule-packs/base',
        by: async () => {
          theirs = (await place.admin.rest('PUT', '/rule-packs/base', pack('base'))).body.rulePack.version;
        },
      };

      expect((await sync([], { TAGWARD_URL: front.url })).code).toBe(0);
      expect(await place.world.version()).toBe(theirs);
    });

    it('does not write over a target or a schedule either, and says what was written before', async () => {
      await sync();
      const id = await place.world.id('targets', 'web');
      await place.rules.write('packs/base.yaml', pack('base', 40));
      await place.rules.write('targets/web.yaml', target('web', 'rulePacks: [base]\nmode: WRITE\n'));
      meddle = {
        at: `GET /api/v1/targets/${id}`,
        by: () => place.admin.rest('PATCH', `/targets/${id}`, { labels: [] }),
      };

      const first = await sync([], { TAGWARD_URL: front.url });

      expect(first.code).toBe(1);
      expect(first.out).toContain('Changed rule pack base.\n');
      expect(first.err).toContain('Conflict: somebody else changed the target "web"');
      expect(first.err).toContain('1 of the changes above were made');
      expect(await place.world.rows('targets')).toMatchObject([{ mode: 'READ_ONLY' }]);

      await place.rules.write('schedules/nightly.yaml', schedule('nightly', 'report: true\n'));
      const other = { name: 'nightly', cron: '0 4 * * *' };
      meddle = { at: `PATCH /api/v1/targets/${id}`, by: () => place.admin.rest('POST', '/schedules', other) };
      const second = await sync([], { TAGWARD_URL: front.url });
      expect(second.err).toContain('Conflict: somebody else changed the schedule "nightly"');
      expect((await sync()).code).toBe(0);
    });
  });

  it('dry-runs with a token that may only read, and refuses to write with it', async () => {
    const env = { TAGWARD_TOKEN: await place.world.tokenOf(['READ']) };

    const dry = await sync(['--dry-run', '--exit-code'], env);
    const wet = await sync([], env);

    expect(dry.code).toBe(2);
    expect(dry.err).toContain('The token may not list credentials');
    expect([wet.code, wet.err]).toEqual([1, expect.stringContaining('lacks the scope ADMIN')]);
    expect(await place.world.names('rule-packs')).toEqual([]);
  });

  it('lets a narrowed token change its targets and nothing else', async () => {
    await sync();
    const id = await place.world.id('targets', 'web');
    const env = { TAGWARD_TOKEN: await place.world.tokenOf(['ADMIN'], [id]) };
    await place.rules.delete('schedules/nightly.yaml');
    await place.rules.write('packs/base.yaml', pack('base', 40));
    await place.rules.write('targets/web.yaml', target('web', 'rulePacks: [base]\nmode: WRITE\n'));

    const refused = await sync([], env);
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining('It cannot update the rule pack base.'),
    ]);
    expect(await place.world.rows('targets')).toMatchObject([{ mode: 'READ_ONLY' }]);

    await place.rules.write('packs/base.yaml', pack('base'));
    expect((await sync([], env)).code).toBe(0);
    expect(await place.world.rows('targets')).toMatchObject([{ mode: 'WRITE' }]);
  });

  it.each([
    ['an unknown token', { TAGWARD_TOKEN: 'twd_unknown' }, 'TOKEN_UNKNOWN'],
    ['no token', { TAGWARD_TOKEN: '' }, 'A token is needed'],
    ['a service that is down', { TAGWARD_URL: 'http://127.0.0.1:9' }, 'does not answer'],
  ])('fails for %s', async (_what, env, words) => {
    const { code, out, err } = await sync([], env);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(words);
    expect(err.split('\n')).toHaveLength(2);
  });

  it('takes its token from a file, and never from the command line', async () => {
    const file = join(place.world.folder, 'ci-token');
    await writeFile(file, `${place.admin.token}\n`);

    expect((await sync(['--token-file', file], { TAGWARD_TOKEN: '' })).code).toBe(0);
    const told = await sync(['--token', String(place.admin.token)]);
    expect([told.code, told.err]).toEqual([
      1,
      expect.stringContaining('does not belong on the command line'),
    ]);
    expect(told.err).not.toContain(place.admin.token);
  });
});
