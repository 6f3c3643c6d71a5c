import { memoryEnvironment } from '#connector-kit';
import { startEc2Sandbox, type Ec2Sandbox, type SandboxResource } from '#testing';
import {
  describeConnector,
  type ConnectorHarness,
  type Opening,
} from '../../connector-kit/conformance/index.js';
import { RESOURCE_TYPES } from './resource-types/resource-type.js';
import { ec2Connector } from './ec2-connector.js';

const KEY = { accessKeyId: 'AKIATESTTESTTEST0001', secretAccessKey: 'a-secret-of-the-tests/0001+' };
const WRONG_KEY = { ...KEY, secretAccessKey: 'another-secret-of-the-tests' };
const ACCOUNT = '111122223333';
const REGIONS = ['eu-west-1', 'us-east-1'];

const RESOURCES: readonly SandboxResource[] = [
  {
    resourceType: 'instance',
    id: 'i-0aa000001',
    region: 'eu-west-1',
    tags: { Name: 'web', empty: '', 'aws:x': 'y' },
  },
  { resourceType: 'instance', id: 'i-0aa000002', region: 'us-east-1', tags: {} },
  {
    resourceType: 'network-interface',
    id: 'eni-0aa000003',
    region: 'us-east-1',
    tags: { enviroment: 'prod' },
  },
  {
    resourceType: 'subnet-cidr-reservation',
    id: 'scr-0aa000004',
    region: 'us-east-1',
    tags: { only: 'DescribeTags' },
  },
  { resourceType: 'key-pair', id: 'key-0aa000005', region: 'us-east-1', tags: {} },
  ...Array.from({ length: 2_300 }, (_, n) => ({
    ...{
      resourceType: 'volume',
      id: `vol-0${(0xb00000 + n).toString(16)}`,
      region: 'eu-west-1',
      tags: { n: String(n) },
    },
  })),
];

async function harness(): Promise<ConnectorHarness> {
  const sandbox: Ec2Sandbox = await startEc2Sandbox({
    accounts: [{ id: ACCOUNT, keys: [KEY] }],
    resources: RESOURCES,
  });
  const config = (how: Opening) => ({
    regions: REGIONS,
    resourceTypes: [...new Set(RESOURCES.map(({ resourceType }) => resourceType)), 'launch-template'],
    endpoint: how === 'unreachable' ? 'http://127.0.0.1:1' : sandbox.endpoint,
  });
  return {
    module: ec2Connector as unknown as ConnectorHarness['module'],
    config: config('right'),
    secret: { kind: 'AWS_ACCESS_KEY', values: KEY },
    secretValues: [KEY.secretAccessKey, WRONG_KEY.secretAccessKey],
    expected: RESOURCES.map(({ id, region, resourceType, tags }) => ({
      ...{ scope: `${ACCOUNT}/${region}`, resource: id, resourceType, tags: Object.entries(tags) },
    })),
    open: (how) =>
      ec2Connector.open({
        config: config(how),
        secret: { kind: 'AWS_ACCESS_KEY', values: how === 'wrong-secret' ? WRONG_KEY : KEY },
        // A clock of its own: a limiter that no other test slowed down.
        environment: memoryEnvironment({ outbound: { allow: ['127.0.0.1'], allowLocal: false } }),
      }),
    breakUnit: ({ scope, resourceType }) => {
      const action = RESOURCE_TYPES.get(resourceType ?? '')?.describe?.operation ?? 'DescribeTags';
      sandbox.faults.inject({ kind: 'deny', action, region: scope.split('/')[1] ?? '' });
    },
    hang: () => void sandbox.faults.inject({ kind: 'hang' }),
    close: () => sandbox.close(),
  };
}

describeConnector('the EC2 connector', harness);
