import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tagward } from './support/cli.js';
import { inSyncWorld, pack, schedule, target } from './support/sync-world.js';

/** As every installation begins. */
const BEGINNING = {
  'schedules/reconcile.yaml': 'schedule: reconcile\ncron: 0 3 * * *\n',
  'schedules/weekly.yaml': 'schedule: weekly-report\ncron: 0 6 * * 1\nreport: true\n',
};
const ESCAPE = '\u001b';

describe('tagward sync', () => {
  const place = inSyncWorld();
  const { sync } = place;
  const events = async () => (await place.admin.rest('GET', '/audit-events/verify')).body.events as number;

  it('makes what the directory says, once', async () => {
    const first = await sync();

    expect(first.err).toBe('');
    expect(first.code).toBe(0);
    expect(first.out).toBe(
      [
        ...['Rule packs', '  + base  (packs/base.yaml)', 'Targets', '  + web  (targets/web.yaml)'],
        ...['Schedules', '  + nightly  (schedules/nightly.yaml)'],
        'Plan: 3 to create, 0 to change, 0 to remove, 0 unchanged.',
        ...['Created rule pack base.', 'Created target web.', 'Created schedule nightly.', ''],
      ].join('\n'),
    );
    const [web] = await place.world.rows('targets');
    expect(web).toMatchObject({ name: 'web', rulePacks: ['base'], labels: [{ key: 'team', value: 'shop' }] });
    expect(await place.world.rows('schedules')).toContainEqual(
      expect.objectContaining({ name: 'nightly', timezone: 'Europe/Berlin', targetIds: [web?.id] }),
    );
    expect((await place.admin.rest('GET', '/rule-packs/base')).body).toMatchObject({
      document: pack('base'),
    });

    const before = await events();
    const second = await sync();

    expect(second).toEqual({ code: 0, out: 'No difference: 3 unchanged.\n', err: '' });
    expect(await events()).toBe(before);
  });

  it('does to the end what it began, though nobody reads on', async () => {
    const { code } = await place.world.sync(place.rules, [], {}, { isDeaf: true });

    expect(code).toBe(0);
    expect(await place.world.names('schedules')).toContain('nightly');
  });

  it('shows what changed, field by field, and changes that', async () => {
    await sync();
    const first = await place.world.version();
    await place.rules.write('packs/base.yaml', pack('base', 40));
    await place.rules.write('targets/web.yaml', target('web', 'rulePacks: [base]\nmode: WRITE\n'));
    await place.rules.write('schedules/nightly.yaml', schedule('nightly', 'enabled: false\n'));

    const dry = await sync(['--dry-run', '--exit-code']);

    expect(dry.code).toBe(2);
    for (const line of [
      `  ~ base, version ${first}  (packs/base.yaml)`,
      '      ~ rules[budget].max: "45" -> "40"',
      '      ~ mode: "READ_ONLY" -> "WRITE"',
      '      - labels[team]: {"key":"team","value":"shop"}',
      '      ~ timezone: "Europe/Berlin" -> "UTC"',
      '      - targets[]: "web"',
      '      ~ enabled: true -> false',
      'Plan: 0 to create, 3 to change, 0 to remove, 0 unchanged.',
      'Nothing was changed: this was a dry run.',
    ])
      expect(dry.out.split('\n')).toContain(line);
    expect(await place.world.version()).toBe(first);

    expect((await sync()).code).toBe(0);
    expect(await place.world.version()).toBe(first + 1);
    expect(await place.world.rows('targets')).toMatchObject([{ mode: 'WRITE', labels: [] }]);
    expect((await sync(['--dry-run', '--exit-code'])).code).toBe(0);

    await place.rules.write('packs/base.yaml', `${pack('base', 40)}# New words\n`);
    expect((await sync()).out).toContain('Only comments, layout or order differ.');
    expect(await place.world.version()).toBe(first + 2);
  });

  it('removes only what it is told to, and lists it first', async () => {
    await place.rules.write('packs/old.yaml', pack('old'));
    await place.rules.write('targets/gone.yaml', target('gone'));
    await place.rules.write('schedules/old.yaml', schedule('old'));
    for (const [path, text] of Object.entries(BEGINNING)) await place.rules.write(path, text);
    await sync();
    for (const path of ['packs/old.yaml', 'targets/gone.yaml', 'schedules/old.yaml'])
      await place.rules.delete(path);

    expect((await sync()).out).toMatch(/^No difference/);
    const pruned = await sync(['--prune']);

    expect(pruned.code).toBe(0);
    expect(pruned.out).toMatch(/^  - old, version \d+$/m);
    expect(pruned.out).toContain(
      'Plan: 0 to create, 0 to change, 2 to remove, 5 unchanged.\nRemoved schedule old.\nRemoved rule pack old.\n',
    );
    expect([await place.world.names('rule-packs'), await place.world.names('targets')]).toEqual([
      ['base'],
      ['gone', 'web'],
    ]);

    const targets = await sync(['--prune-targets']);
    expect(targets.out).toContain('Its inventory, its scans and its findings (0 open) go with it, for good.');
    expect(await place.world.names('targets')).toEqual(['web']);
  });

  it('prunes nothing of a kind that the directory does not have, nor by one file', async () => {
    await sync();
    await place.rules.delete('schedules/nightly.yaml');
    await place.rules.delete('targets/web.yaml');

    const pruned = await sync(['--prune', '--prune-targets']);

    expect(pruned.err).toContain('The directory has no schedules: none is pruned.');
    expect(pruned.err).toContain('The directory has no targets: none is pruned.');
    expect([await place.world.names('targets'), await place.world.names('schedules')]).toEqual([
      ['web'],
      expect.arrayContaining(['nightly']),
    ]);
    const file = join(place.rules.path, 'packs/base.yaml');
    const single = await tagward(['sync', '-f', file, '--prune'], { TAGWARD_URL: place.world.service.url });
    expect([single.code, single.err]).toEqual([1, expect.stringContaining('Pruning needs a directory')]);
  });

  it('does not take a target from a schedule that stays', async () => {
    await sync();
    await place.rules.delete('schedules/nightly.yaml');
    await place.rules.delete('targets/web.yaml');
    await place.rules.write('targets/other.yaml', target('other'));

    const { code, err } = await sync(['--prune-targets']);

    expect(code).toBe(1);
    expect(err).toContain('The schedule nightly is not in the directory and stays; it uses the target web');
    expect(await place.world.names('targets')).toEqual(['web']);
  });

  it('does not take away what something that stays uses', async () => {
    await place.rules.write('packs/old.yaml', pack('old'));
    await place.rules.write('targets/other.yaml', target('other', 'rulePacks: [old]\n'));
    await sync();
    await place.rules.delete('packs/old.yaml');
    await place.rules.delete('targets/other.yaml');
    await place.rules.delete('schedules/nightly.yaml');

    const { code, err } = await sync(['--prune']);

    expect(code).toBe(1);
    expect(err).toContain('The target other is not in the directory and stays; it uses the rule pack old');
    expect(await place.world.names('rule-packs')).toEqual(['base', 'old']);
  });

  it('writes one JSON document for programs', async () => {
    await sync();
    await place.rules.write('packs/base.yaml', pack('base', 40));

    const applied = JSON.parse((await sync(['--json'])).out);
    await place.rules.write('targets/bad.yaml', 'target: bad\n');
    const failed = await sync(['--json']);

    expect(applied).toMatchObject({
      outcome: 'applied',
      counts: { create: 0, update: 1, delete: 0, unchanged: 2 },
      error: null,
    });
    expect(applied.changes).toContainEqual({
      ...{
        kind: 'rule-pack',
        name: 'base',
        action: 'update',
        file: 'packs/base.yaml',
        notes: [],
        written: true,
      },
      differences: [{ path: 'rules[budget].max', before: '45', after: '40' }],
    });
    expect(failed).toMatchObject({ code: 1, err: '' });
    expect(JSON.parse(failed.out)).toMatchObject({
      outcome: 'failed',
      faults: [{ file: 'targets/bad.yaml', line: 1, column: 1 }],
    });
  });

  it('shows nothing to a terminal that it would obey, whoever wrote it', async () => {
    const file = `targets/${ESCAPE}[31m\nweb.yaml`;
    await place.rules.write(file, target('"\\e[8mhidden"'));
    await place.rules.write('schedules/nightly.yaml', `schedule: nightly\ncron: "\\e[2J"\n`);

    const refused = await sync();
    await place.rules.delete('schedules/nightly.yaml');
    await place.rules.write(file, target('shown'));
    const [plain, json] = [await sync(['--dry-run']), await sync(['--dry-run', '--json'])];

    for (const { out, err } of [refused, plain, json]) expect(out + err).not.toContain(ESCAPE);
    expect(refused.err).toContain('schedules/nightly.yaml:2:7: This text holds U+001B');
    expect(refused.err).toContain('targets/\\u001b[31m\\u000aweb.yaml:1:9: This text holds U+001B');
    expect(plain.out).toContain('  + shown  (targets/\\u001b[31m\\u000aweb.yaml)');
    expect(JSON.parse(json.out).changes).toContainEqual(expect.objectContaining({ name: 'shown', file }));
  });

  it('explains itself', async () => {
    const [all, one, none, wrong] = await Promise.all(
      [['--help'], ['sync', '--help'], [], ['synk']].map((args) => tagward(args)),
    );

    expect([all?.code, all?.out]).toEqual([
      0,
      expect.stringContaining('sync    make a Tagward service have'),
    ]);
    expect([one?.code, one?.out]).toEqual([0, expect.stringContaining('--prune-targets')]);
    expect([none?.code, wrong?.code]).toEqual([1, 1]);
    expect(wrong?.err).toBe('There is no command "synk"; tagward --help lists them.\n');
  });
});
