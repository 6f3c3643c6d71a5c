import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryEnvironment } from '#connector-kit';
import { rebuildRemote, startGitHttpBackend } from '#testing';
import {
  describeConnector,
  type ConnectorHarness,
  type Opening,
} from '../../connector-kit/conformance/index.js';
import { gitConnector } from './git-connector.js';

const READER = { username: 'reader', password: 'a-password-of-the-tests' };
const WRONG = { ...READER, password: 'another-password-of-the-tests' };
const NAMES = Array.from({ length: 40 }, (_, n) => `v1.${n}.0`);

async function harness(): Promise<ConnectorHarness> {
  const root = await mkdtemp(join(tmpdir(), 'git-conformance-'));
  const lines = NAMES.map((name, n) => {
    const id = String(n).padStart(40, '0');
    return n % 2 === 0
      ? `refs/tags/${name}\tcommit\t${id}\t\t${1_600_000_000 + n}`
      : `refs/tags/${name}\ttag\tobject\t${id}\t${1_600_000_000 + n}`;
  });
  await rebuildRemote(lines, join(root, 'acme', 'app.git'));
  const server = await startGitHttpBackend({ root, basic: READER });
  const config = (how: Opening) => ({
    url: `${how === 'unreachable' ? 'http://127.0.0.1:1' : server.url}/acme/app.git`,
  });
  return {
    module: gitConnector as unknown as ConnectorHarness['module'],
    config: config('right'),
    secret: { kind: 'BASIC', values: READER },
    single: true,
    secretValues: [READER.password, WRONG.password],
    expected: [
      {
        ...{ scope: 'acme/app', resource: 'acme/app', resourceType: 'repository' },
        tags: NAMES.map((name) => [name, null] as const),
      },
    ],
    open: (how) =>
      gitConnector.open({
        config: config(how),
        secret: { kind: 'BASIC', values: how === 'wrong-secret' ? WRONG : READER },
        environment: memoryEnvironment({
          outbound: { allow: ['127.0.0.1'], allowLocal: false },
          cacheDirectory: join(root, 'cache'),
        }),
      }),
    breakUnit: () => server.intercept((_request, response) => response.writeHead(502).end('bad gateway')),
    hang: () => server.intercept(() => undefined),
    close: async () => {
      await server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

describeConnector('the git connector', harness);
