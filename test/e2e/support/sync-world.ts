import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { Rules, tagward, type Ran } from './cli.js';
import { Client } from './client.js';
import { startService, temporaryDirectory, type Started } from './service.js';

export const pack = (name: string, max = 45) =>
  `# Of the platform team\npack: ${name}\nrules:\n  - { id: budget, kind: tag-budget, max: ${max}, severity: low }\n`;
export const target = (name: string, more = '') => `target: ${name}\nec2: { regions: [eu-west-1] }\n${more}`;
export const schedule = (name: string, more = '') => `schedule: ${name}\ncron: 0 2 * * *\n${more}`;

/** What every row of a list has. */
interface Row {
  readonly id: string;
  readonly name: string;
  readonly [field: string]: unknown;
}

/** A service, and a directory that `tagward sync` makes it agree with. */
export class SyncWorld {
  private constructor(
    readonly folder: string,
    readonly service: Started,
    readonly admin: Client,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(): Promise<SyncWorld> {
    const directory = await temporaryDirectory();
    const service = await startService({ dataDir: directory.path });
    return new SyncWorld(directory.path, service, new Client(service.url), async () => {
      await service.stop();
      await directory.remove();
    });
  }

  /** A pack, a target and a schedule that need each other. */
  rules(): Promise<Rules> {
    return Rules.of({
      'packs/base.yaml': pack('base'),
      'targets/web.yaml': target('web', 'rulePacks: [base]\nlabels: [{ key: team, value: shop }]\n'),
      'schedules/nightly.yaml': schedule('nightly', 'timezone: Europe/Berlin\ntargets: [web]\n'),
    });
  }

  sync(
    rules: Rules,
    args: readonly string[] = [],
    env: Record<string, string> = {},
    options: { isDeaf?: boolean } = {},
  ): Promise<Ran> {
    return tagward(['sync', '-f', rules.path, ...args], { TAGWARD_URL: this.service.url, ...env }, options);
  }

  async rows(noun: string): Promise<Row[]> {
    return (await this.admin.rest('GET', `/${noun}?first=200`)).body.items;
  }

  async id(noun: string, name: string): Promise<string> {
    const row = (await this.rows(noun)).find((one) => one.name === name);
    if (row === undefined) throw new Error(`There is no ${name} among the ${noun}.`);
    return row.id;
  }

  async names(noun: string): Promise<string[]> {
    return (await this.rows(noun)).map(({ name }) => name).sort();
  }

  /** Of the pack `base`: versions of a name go on when a pack of it was retired before. */
  async version(): Promise<number> {
    return (await this.admin.rest('GET', '/rule-packs/base')).body.version;
  }

  async tokenOf(scopes: string[], targetIds?: string[]): Promise<string> {
    const name = `ci-${(await this.rows('api-tokens')).length}`;
    const { body } = await this.admin.rest('POST', '/api-tokens', {
      name,
      scopes,
      ...(targetIds && { targetIds }),
    });
    return body.token;
  }

  async clear(): Promise<void> {
    for (const noun of ['schedules', 'targets', 'rule-packs'])
      for (const { id, name } of await this.rows(noun))
        await this.admin.rest('DELETE', `/${noun}/${noun === 'rule-packs' ? name : id}`);
  }
}

/** A world for the tests of a `describe`, each of them with a directory of its own and a service that has nothing yet. */
export function inSyncWorld() {
  let world: SyncWorld;
  let rules: Rules;
  beforeAll(async () => {
    world = await SyncWorld.start();
  });
  afterAll(() => world.stop());
  beforeEach(async () => {
    rules = await world.rules();
  });
  afterEach(async () => {
    await rules.remove();
    await world.clear();
  });
  return {
    get world() {
      return world;
    },
    get admin() {
      return world.admin;
    },
    get rules() {
      return rules;
    },
    sync: (args: readonly string[] = [], env: Record<string, string> = {}) => world.sync(rules, args, env),
  };
}
