import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from './support/service.js';

const RUN = fileURLToPath(new URL('../../scripts/run.mjs', import.meta.url));

describe('npm run quickstart -- --once', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeAll(async () => {
    directory = await temporaryDirectory();
  });
  afterAll(() => directory.remove());

  /** As a user without a locale would run it. */
  async function quickstart(): Promise<string> {
    const env = {
      PATH: process.env.PATH,
      HOME: directory.path,
      TAGWARD_DATA_DIR: `${directory.path}/data`,
      PORT: '0',
    };
    const { stdout } = await promisify(execFile)(process.execPath, [RUN, 'quickstart', '--once'], { env });
    return stdout;
  }

  it('scans the sandboxes of three platforms to a table, a report, a token and an explorer, and ends well', async () => {
    const output = await quickstart();

    expect(output).toMatch(/Scanned ec2: succeeded, 1\d\d resources/);
    expect(output).toMatch(/Scanned git: succeeded, 1 resources with 593 tags/);
    expect(output).toMatch(/Scanned registry: succeeded, 13 resources/);
    expect(output).toMatch(/enviroment +The key "enviroment" should be spelled "environment"/);
    expect(output).toMatch(/phoenix-\w+/);
    expect(output).toMatch(/is empty/);
    expect(output).toMatch(/twice-the-same-version +acme\/app +1\.2\.3/);
    expect(output).toMatch(/version-names +moby\/moby/);
    expect(output).toMatch(/Report \(HTML\): http:\/\/127\.0\.0\.1:\d+\/api\/v1\/reports\//);
    expect(output).toMatch(/Token: +twd_[\w-]{43}\n/);
    expect(output).toMatch(/GraphQL explorer: http:\/\/\S+\/graphql/);
  });

  it('keeps its data: the second one finds nothing new, with the sandboxes on other ports', async () => {
    const preferred = [4510, 4511, 4512].map((port) => createServer().listen(port, '127.0.0.1'));
    // Somebody else on such a port serves as well: the sandbox has to move.
    await Promise.all(
      preferred.map(
        (server) => new Promise((settled) => server.once('listening', settled).once('error', settled)),
      ),
    );

    const output = await quickstart();
    for (const server of preferred) server.close();

    expect(output.match(/open findings \(0 new, 0 resolved\)/g)).toHaveLength(3);
  });
});
