import { memoryEnvironment } from '#connector-kit';
import { imageIndex, imageManifest, startRegistrySandbox, type RepositoryContent } from '#testing';
import {
  describeConnector,
  type ConnectorHarness,
  type Opening,
} from '../../connector-kit/conformance/index.js';
import { registryConnector } from './registry-connector.js';

const USER = { username: 'reader', password: 'a-secret-of-the-tests/0001+' };
const WRONG = { ...USER, password: 'another-secret-of-the-tests' };

const one = imageManifest({ layers: ['one'] });
const two = imageManifest({ layers: ['two'] });
const both = imageIndex([one, two]);

const REPOSITORIES: Readonly<Record<string, RepositoryContent>> = {
  'acme/app': { tags: { '1.0': one, '1.1': two, latest: two, multi: both } },
  'acme/empty': { tags: {}, extra: [one] },
  'acme/many': { tags: Object.fromEntries(Array.from({ length: 1_500 }, (_, n) => [`v${n}`, one])) },
  'library/base': { tags: { stable: both } },
};

/** The same registry, once asking for a password and once sending to a token service. */
async function harness(kind: 'basic' | 'token'): Promise<ConnectorHarness> {
  const sandbox = await startRegistrySandbox({
    repositories: REPOSITORIES,
    auth: kind === 'basic' ? { kind, ...USER } : { kind, users: { [USER.username]: USER.password } },
    ...{ pageSize: 1_000, deletes: true, deleteByTag: true, referrers: true },
  });
  const config = (how: Opening) => ({ url: how === 'unreachable' ? 'http://127.0.0.1:1' : sandbox.url });
  return {
    module: registryConnector as unknown as ConnectorHarness['module'],
    config: config('right'),
    secret: { kind: 'BASIC', values: USER },
    secretValues: [USER.password, WRONG.password],
    expected: Object.entries(REPOSITORIES).map(([name, { tags }]) => ({
      ...{ scope: name, resource: name, resourceType: 'repository' },
      tags: Object.keys(tags).map((tag) => [tag, null] as const),
    })),
    open: (how) =>
      registryConnector.open({
        config: config(how),
        secret: { kind: 'BASIC', values: how === 'wrong-secret' ? WRONG : USER },
        // A clock of its own: a pace that no other test slowed down.
        environment: memoryEnvironment({ outbound: { allow: ['127.0.0.1'], allowLocal: false } }),
      }),
    breakUnit: ({ scope }) => void sandbox.faults.inject({ kind: 'deny', path: `/v2/${scope}/` }),
    hang: () => void sandbox.faults.inject({ kind: 'hang' }),
    close: () => sandbox.close(),
  };
}

describeConnector('the registry connector, with a password', () => harness('basic'));
describeConnector('the registry connector, with tokens', () => harness('token'));
