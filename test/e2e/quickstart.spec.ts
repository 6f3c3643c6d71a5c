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

  it('scans the sandbox to a table, a report, a token and an explorer, and ends well', async () => {
    const output = await quickstart();

    expect(output).toMatch(/Scanned: succeeded, 1\d\d resources/);
    expect(output).toMatch(/enviroment +The key "enviroment" should be spelled "environment"/);
    expect(output).toMatch(/phoenix-\w+/);
    expect(output).toMatch(/is empty/);
    expect(output).toMatch(/Report \(HTML\): http:\/\/127\.0\.0\.1:\d+\/api\/v1\/reports\//);
    expect(output).toMatch(/Token: +twd_[\w-]{43}\n/);
    expect(output).toMatch(/GraphQL explorer: http:\/\/\S+\/graphql/);
  });

  it('keeps its data: the second one finds nothing new, with the sandbox on another port', async () => {
    const preferred = createServer().listen(4510, '127.0.0.1');
    // Somebody else on that port serves as well: the sandbox has to move.
    await new Promise((settled) => preferred.once('listening', settled).once('error', settled));

    const output = await quickstart();
    preferred.close();

    expect(output).toMatch(/open findings \(0 new, 0 resolved\)/);
  });
});
