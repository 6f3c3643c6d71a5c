import { HygieneError, type InventoryEvent, type Resource, type ScanError } from '#core';
import { memoryEnvironment } from '#connector-kit';
import { startEc2Sandbox, type Ec2Sandbox, type SandboxResource } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ec2Config } from './config.js';
import { ec2Connector } from './ec2-connector.js';

const KEY = { accessKeyId: 'AKIATESTTESTTEST0001', secretAccessKey: 'a-secret-of-the-tests/0001+' };
const ACCOUNT = '111122223333';
const CREATED = new Date('2024-05-06T07:08:09.000Z');

let sandbox: Ec2Sandbox;

interface Reading {
  readonly resources: readonly Resource[];
  readonly errors: readonly ScanError[];
  readonly complete: readonly string[];
  readonly progress: readonly InventoryEvent[];
}

function open(config: Partial<Ec2Config> = {}, values: Record<string, string> = KEY) {
  return ec2Connector.open({
    config: { regions: ['eu-west-1'], endpoint: sandbox.endpoint, ...config },
    secret: { kind: 'AWS_ACCESS_KEY', values },
    environment: memoryEnvironment({ outbound: { allow: ['127.0.0.1'], allowLocal: false } }),
  });
}

async function read(
  config: Partial<Ec2Config>,
  resources: readonly string[] | null = null,
): Promise<Reading> {
  const connector = await open(config);
  const events: InventoryEvent[] = [];
  for await (const event of connector.listResources({ resources, signal: new AbortController().signal }))
    events.push(event);
  await connector.close();
  return {
    resources: events.flatMap((event) => (event.type === 'resources' ? event.resources : [])),
    errors: events.flatMap((event) => (event.type === 'error' ? [event.error] : [])),
    complete: events.flatMap((event) =>
      event.type === 'complete' ? [`${event.unit.scope} ${event.unit.resourceType}`] : [],
    ),
    progress: events.filter(({ type }) => type === 'progress'),
  };
}

async function failure(work: Promise<unknown>): Promise<HygieneError> {
  const error = await work.then(
    () => expect.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HygieneError);
  return error as HygieneError;
}

function volumes(count: number, region = 'eu-west-1'): SandboxResource[] {
  return Array.from({ length: count }, (_, n) => ({
    ...{ resourceType: 'volume', id: `vol-0${(0xb00000 + n).toString(16)}`, region, tags: { n: String(n) } },
  }));
}

function start(...resources: readonly SandboxResource[]): void {
  for (const resource of resources) sandbox.store.put(resource);
}

beforeEach(async () => {
  const account = {
    id: ACCOUNT,
    keys: [KEY],
    roles: [{ name: 'reader', externalId: 'our-id' }],
    disabledRegions: ['ap-east-1'],
  };
  sandbox = await startEc2Sandbox({ accounts: [account], resources: [] });
});

afterEach(() => sandbox.close());

describe('what the EC2 connector reads', () => {
  it('reads every taggable type of a region that has none, each with one call, and completes each', async () => {
    const { errors, complete, progress } = await read({});
    expect(errors).toEqual([]);
    expect(complete).toHaveLength(114);
    expect(sandbox.stats.count()).toBe(1 + 108 + 1);
    expect(progress.at(-1)).toEqual({ type: 'progress', done: 114, total: 114 });
  });

  it('makes as many calls as there are pages', async () => {
    start(...volumes(2_001));
    const { resources } = await read({ resourceTypes: ['volume'] });
    expect(resources).toHaveLength(2_001);
    expect(sandbox.stats.count('DescribeVolumes')).toBe(3);
    expect(sandbox.stats.count()).toBe(4);
  });

  it('tells state, dates, metadata tags and what manages a resource', async () => {
    const tags = { Name: 'web', 'aws:autoscaling:groupName': 'web-asg', empty: '' };
    const attributes = { State: { Name: 'stopped' }, MetadataOptions: { InstanceMetadataTags: 'enabled' } };
    start({
      resourceType: 'instance',
      id: 'i-01',
      region: 'eu-west-1',
      tags,
      createdAt: CREATED,
      attributes,
    });
    start({
      resourceType: 'image',
      id: 'ami-01',
      region: 'eu-west-1',
      tags: { ManagedBy: 'Terraform' },
      createdAt: CREATED,
    });
    const { resources } = await read({ resourceTypes: ['instance', 'image'] });
    const [image, instance] = resources.toSorted((a, b) => (a.resource < b.resource ? -1 : 1));
    expect(instance).toEqual({
      scope: `${ACCOUNT}/eu-west-1`,
      resource: 'i-01',
      resourceType: 'instance',
      createdAt: CREATED,
      tags: Object.entries(tags).map(([name, value]) => ({ name, value, digest: null, createdAt: null })),
      managedBy: 'auto-scaling group web-asg',
      facts: { state: 'stopped', instanceMetadataTags: 'enabled' },
    });
    expect(image?.createdAt).toEqual(CREATED);
    expect(image?.managedBy).toBe('Terraform');
  });

  it("passes over what is gone and what another account shares, and asks for the account's own images only", async () => {
    const region = 'eu-west-1';
    const gone = { State: { Name: 'terminated' } };
    start({ resourceType: 'instance', id: 'i-02', region, tags: {}, attributes: gone });
    start({ resourceType: 'subnet', id: 'subnet-01', region, tags: {}, sharedBy: '999999999999' });
    start({ resourceType: 'subnet', id: 'subnet-02', region, tags: {} });
    start({ resourceType: 'image', id: 'ami-02', region, tags: {}, sharedBy: '999999999999' });
    const { resources, complete } = await read({ resourceTypes: ['instance', 'subnet', 'image'] });
    expect(resources.map(({ resource }) => resource)).toEqual(['subnet-02']);
    expect(complete).toHaveLength(3);
  });

  it('reads one instance with one call for each region, and types without a filter by picking', async () => {
    start(...volumes(3), {
      resourceType: 'launch-template',
      id: 'lt-0a1',
      region: 'eu-west-1',
      tags: { a: 'b' },
    });
    start({ resourceType: 'launch-template', id: 'lt-0a2', region: 'eu-west-1', tags: {} });
    const { resources, complete } = await read({}, ['vol-0b00001', 'vol-0b0ffff', 'lt-0a1']);
    expect(resources.map(({ resource }) => resource).sort()).toEqual(['lt-0a1', 'vol-0b00001']);
    expect(complete).toEqual(
      expect.arrayContaining([`${ACCOUNT}/eu-west-1 volume`, `${ACCOUNT}/eu-west-1 launch-template`]),
    );
    expect(sandbox.stats.count('DescribeVolumes')).toBe(1);
    expect(sandbox.stats.count()).toBe(3);
  });

  it('reads as a role, assumed once for all regions, by its external id', async () => {
    start(...volumes(1), ...volumes(1, 'us-east-1'));
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/reader`;
    const config = { regions: ['eu-west-1', 'us-east-1'], resourceTypes: ['volume'], roleArn };
    const { resources } = await read({ ...config, externalId: 'our-id' });
    expect(resources.map(({ scope }) => scope).sort()).toEqual([
      `${ACCOUNT}/eu-west-1`,
      `${ACCOUNT}/us-east-1`,
    ]);
    expect(sandbox.stats.count('AssumeRole')).toBe(1);
    const connector = await open({ ...config, externalId: 'our-id' });
    const { identity, capabilities } = await connector.health(new AbortController().signal);
    expect(identity).toBe(`account ${ACCOUNT} as role/reader`);
    expect(capabilities.map(({ name, supported }) => [name, supported])).toEqual([
      ['read:eu-west-1', true],
      ['read:us-east-1', true],
    ]);
    await connector.close();
    const refused = await failure(read({ ...config, externalId: 'not-ours' }));
    expect(refused.code).toBe('REMOTE_FORBIDDEN');
    expect(refused.message).toContain('sts:AssumeRole');
  });
});

describe('what the EC2 connector does when EC2 fails', () => {
  it('backs off when it is throttled, and reads on', async () => {
    start(...volumes(10));
    const fault = sandbox.faults.inject({ kind: 'throttle', action: 'DescribeVolumes', times: 3 });
    const { resources, errors } = await read({ resourceTypes: ['volume'] });
    expect([resources.length, errors.length, fault.fired]).toEqual([10, 0, 3]);
  });

  it('gives a throttled type up when AWS asks for a longer silence than a scan waits', async () => {
    sandbox.faults.inject({ kind: 'throttle', action: 'DescribeVolumes', retryAfter: '86400' });
    const { errors, complete } = await read({ resourceTypes: ['volume', 'vpc'] });
    expect(errors).toMatchObject([
      { code: 'REMOTE_THROTTLED', scope: `${ACCOUNT}/eu-west-1`, retryable: true },
    ]);
    expect(complete).toEqual([`${ACCOUNT}/eu-west-1 vpc`]);
    expect(sandbox.stats.count('DescribeVolumes')).toBe(1);
  });

  it('tries again after a fault of the server, and after a reply that was cut off', async () => {
    start(...volumes(10));
    const faults = (['error', 'truncate', 'drop'] as const).map((kind) =>
      sandbox.faults.inject({ kind, action: 'DescribeVolumes', times: kind === 'error' ? 1 : 0 }),
    );
    expect((await read({ resourceTypes: ['volume'] })).resources).toHaveLength(10);
    expect(faults[0]?.fired).toBe(1);
    sandbox.faults.clear();
    const cut = sandbox.faults.inject({ kind: 'truncate', action: 'DescribeVolumes', times: 1 });
    expect((await read({ resourceTypes: ['volume'] })).resources).toHaveLength(10);
    expect(cut.fired).toBe(1);
  });

  it.each(['truncate', 'html', 'error'] as const)(
    'leaves a type unread that answers with %s for ever',
    async (kind) => {
      start(...volumes(10));
      sandbox.faults.inject({ kind, action: 'DescribeVolumes' });
      const { errors, complete, resources } = await read({ resourceTypes: ['volume', 'vpc'] });
      expect(errors).toHaveLength(1);
      expect(errors[0]?.code).toBe(kind === 'error' ? 'REMOTE_FAULT' : 'REMOTE_REPLY_INVALID');
      expect(complete).toEqual([`${ACCOUNT}/eu-west-1 vpc`]);
      expect(resources).toEqual([]);
    },
  );

  it('never takes a reply that was cut off for a whole one, wherever it was cut', async () => {
    start(...volumes(3));
    for (const part of [0.05, 0.4, 0.8, 0.97, 0.995]) {
      const fault = sandbox.faults.inject({ kind: 'truncate', action: 'DescribeVolumes', part });
      const { errors, complete } = await read({ resourceTypes: ['volume'] });
      expect([part, errors.map(({ code }) => code), complete]).toEqual([part, ['REMOTE_REPLY_INVALID'], []]);
      expect(fault.fired).toBeGreaterThan(0);
      sandbox.faults.clear();
    }
  });

  it('stops at a page token that comes again, and does not count the type as read', async () => {
    start(...volumes(10));
    sandbox.faults.inject({ kind: 'repeat-token', action: 'DescribeVolumes' });
    const { errors, complete } = await read({ resourceTypes: ['volume'] });
    expect(errors).toMatchObject([{ code: 'REMOTE_REPLY_INVALID' }]);
    expect(errors[0]?.message).toContain('no end');
    expect(complete).toEqual([]);
    expect(sandbox.stats.count('DescribeVolumes')).toBeLessThanOrEqual(2);
  });

  it('names the IAM action that is missing, and reads the other types', async () => {
    start(...volumes(10));
    sandbox.faults.inject({ kind: 'deny', action: 'DescribeVolumes' });
    const { errors, complete } = await read({ resourceTypes: ['volume', 'vpc'] });
    expect(errors).toMatchObject([{ code: 'REMOTE_FORBIDDEN', retryable: false }]);
    expect(errors[0]?.message).toContain('ec2:DescribeVolumes');
    expect(complete).toEqual([`${ACCOUNT}/eu-west-1 vpc`]);
  });

  it('takes a type as not offered where a region knows neither its action nor a tag of it', async () => {
    start(...volumes(1));
    const fault = sandbox.faults.inject({ kind: 'unknown-action', action: 'DescribeManagedPrefixLists' });
    const { errors, complete, resources } = await read({ resourceTypes: ['prefix-list'] });
    expect([errors, complete]).toEqual([[], [`${ACCOUNT}/eu-west-1 prefix-list`]]);
    expect(resources).toEqual([]);
    expect(fault.fired).toBe(1);
  });

  it('leaves a type unread whose tags are there though the region does not know its action', async () => {
    start({ resourceType: 'prefix-list', id: 'pl-01', region: 'eu-west-1', tags: { a: 'b' } });
    const fault = sandbox.faults.inject({ kind: 'unknown-action', action: 'DescribeManagedPrefixLists' });
    const { errors, complete, resources } = await read({ resourceTypes: ['prefix-list'] });
    expect(errors).toMatchObject([{ code: 'OPERATION_UNSUPPORTED', retryable: false }]);
    expect(complete).toEqual([]);
    expect(resources.map(({ resource }) => resource)).toEqual(['pl-01']);
    expect(fault.fired).toBe(1);
  });

  it('says once that a region is down or not enabled, stops asking it, and reads the others', async () => {
    start(...volumes(3));
    sandbox.faults.inject({ kind: 'drop', region: 'us-east-1' });
    const regions = ['eu-west-1', 'us-east-1', 'ap-east-1'];
    const { errors, complete, resources } = await read({ regions });
    expect(errors.map(({ scope, code }) => `${scope} ${code}`).sort()).toEqual([
      `${ACCOUNT}/ap-east-1 REMOTE_AUTH_FAILED`,
      `${ACCOUNT}/us-east-1 REMOTE_UNREACHABLE`,
    ]);
    expect(resources).toHaveLength(3);
    expect(complete).toHaveLength(114);
    expect(sandbox.stats.log.filter(({ region }) => region === 'ap-east-1').length).toBeLessThan(20);
  });

  it('counts a region in which everything fails as out of order', async () => {
    sandbox.faults.inject({ kind: 'error', region: 'us-east-1' });
    const { errors, complete } = await read({ regions: ['eu-west-1', 'us-east-1'] });
    expect(errors.length).toBeLessThanOrEqual(5);
    expect(errors.every(({ scope }) => scope === `${ACCOUNT}/us-east-1`)).toBe(true);
    expect(complete).toHaveLength(114);
  });

  it('shows in its health which region cannot be read, and why', async () => {
    const connector = await open({ regions: ['eu-west-1', 'ap-east-1'] });
    const { capabilities } = await connector.health(new AbortController().signal);
    expect(capabilities.map(({ name, supported }) => [name, supported])).toEqual([
      ['read:eu-west-1', true],
      ['read:ap-east-1', false],
    ]);
    expect(capabilities[1]?.detail).toContain('enabled the region');
    sandbox.faults.inject({ kind: 'deny', action: 'DescribeTags' });
    const error = await failure(connector.health(new AbortController().signal));
    expect(error.code).toBe('REMOTE_FORBIDDEN');
    await connector.close();
  });
});

describe('what the EC2 connector says of an error', () => {
  it('shows where it happened and nothing of the call or the credential', async () => {
    sandbox.faults.inject({ kind: 'deny', action: 'DescribeTags' });
    const connector = await open();
    const error = await failure(connector.health(new AbortController().signal));
    expect(error.details).toEqual({
      ...{ service: 'ec2', operation: 'DescribeTags', region: 'eu-west-1' },
      ...{ awsCode: 'UnauthorizedOperation', status: 403, requestId: expect.any(String) as string },
    });
    expect(error.cause).toBeUndefined();
    await connector.close();
  });
});

describe('what the EC2 connector refuses before it connects', () => {
  const environment = memoryEnvironment({ outbound: { allow: [], allowLocal: true } });
  const at = (endpoint: string) =>
    ec2Connector.open({ config: { regions: ['eu-west-1'], endpoint }, secret: null, environment });

  it.each([
    'http://127.0.0.1:4566',
    'http://localhost:4566',
    'http://[::ffff:10.0.0.1]',
    'http://0x7f.1',
    'http://169.254.169.254',
  ])('an endpoint at %s, unless the operator allows it', async (endpoint) => {
    const error = await failure(at(endpoint));
    expect(error.code).toBe('ADDRESS_REFUSED');
  });

  it.each([
    [{}, 'accessKeyId'],
    [{ ...KEY, secretAccessKey: 'has a blank in the middle' }, 'secretAccessKey'],
    [{ ...KEY, token: 'x' }, 'token'],
  ])('a credential of the wrong shape, showing no value: %#', async (values, field) => {
    const error = await failure(open({}, values));
    expect(error.code).toBe('CREDENTIAL_INVALID');
    expect(JSON.stringify(error.faults)).toContain(field);
    expect(error.message).not.toContain('blank in');
  });
});
