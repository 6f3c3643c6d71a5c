import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeRouteServersCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  EC2Client,
  ResourceType,
} from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEc2Sandbox, type Ec2Sandbox } from './ec2-sandbox.js';
import { listShapeOf, operationsOf } from './list-shape.js';
import { newerOperation } from './newer-operations.js';
import { sandboxInventory } from './sandbox-inventory.js';
import type { SandboxResource } from './sandbox-store.js';
import { ServiceModel } from './service-model.js';

const KEY = { accessKeyId: 'AKIATESTTESTTEST0001', secretAccessKey: 'a-secret-of-the-tests-0001' };
const CREATED = new Date('2024-05-06T07:08:09.000Z');
const RESOURCES: readonly SandboxResource[] = [
  {
    resourceType: 'instance',
    id: 'i-0001',
    region: 'eu-west-1',
    tags: { Name: 'a & <b>', empty: '' },
    createdAt: CREATED,
  },
  { resourceType: 'instance', id: 'i-0002', region: 'us-east-1', tags: {} },
  ...Array.from({ length: 12 }, (_, n) => ({
    ...{ resourceType: 'volume', id: `vol-${n}`, region: 'eu-west-1', tags: { n: String(n) } },
  })),
  { resourceType: 'image', id: 'ami-own', region: 'eu-west-1', tags: {} },
  { resourceType: 'image', id: 'ami-public', region: 'eu-west-1', tags: {}, sharedBy: '999999999999' },
  { resourceType: 'route-server', id: 'rs-1', region: 'eu-west-1', tags: { k: 'v' } },
];

let sandbox: Ec2Sandbox;
let ec2: EC2Client;
let sts: STSClient;

function options(region = 'eu-west-1', credentials: object = KEY) {
  return { region, endpoint: sandbox.endpoint, maxAttempts: 1, credentials: credentials as typeof KEY };
}

beforeEach(async () => {
  const account = {
    id: '111122223333',
    keys: [KEY],
    roles: [{ name: 'reader', externalId: 'our-id' }],
    disabledRegions: ['ap-east-1'],
  };
  sandbox = await startEc2Sandbox({ accounts: [account], resources: RESOURCES });
  ec2 = new EC2Client(options());
  sts = new STSClient(options());
});

afterEach(async () => {
  ec2.destroy();
  sts.destroy();
  await sandbox.close();
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: Error) => error.name,
  );
}

/** A request as no SDK would send it, signed by the SDK all the same. */
async function raw(parameters: Record<string, string>): Promise<string> {
  const client = new EC2Client(options());
  client.middlewareStack.add(
    (next) => async (args) => {
      const request = args.request as { body: string; headers: Record<string, string> };
      request.body = new URLSearchParams({ Version: '2016-11-15', ...parameters }).toString();
      request.headers['content-length'] = String(request.body.length);
      return next(args);
    },
    { step: 'build', priority: 'low' },
  );
  return codeOf(client.send(new DescribeTagsCommand({})));
}

describe('the EC2 sandbox reads and writes by the service model', () => {
  it('gives what is stored: nested lists, tags as they are, dates, its own region only', async () => {
    const reply = await ec2.send(new DescribeInstancesCommand({}));
    const instances = reply.Reservations?.flatMap(({ Instances }) => Instances ?? []) ?? [];
    expect(instances.map(({ InstanceId }) => InstanceId)).toEqual(['i-0001']);
    expect(instances[0]?.Tags).toEqual([
      { Key: 'Name', Value: 'a & <b>' },
      { Key: 'empty', Value: '' },
    ]);
    expect(instances[0]?.LaunchTime).toEqual(CREATED);
    expect(instances[0]?.State?.Name).toBe('running');
  });

  it('pages, within the limits of the API, by tokens of its own', async () => {
    const first = await ec2.send(new DescribeVolumesCommand({ MaxResults: 5 }));
    const second = await ec2.send(new DescribeVolumesCommand({ MaxResults: 5, NextToken: first.NextToken }));
    const third = await ec2.send(new DescribeVolumesCommand({ MaxResults: 5, NextToken: second.NextToken }));
    expect([first, second, third].map(({ Volumes }) => Volumes?.length)).toEqual([5, 5, 2]);
    expect(third.NextToken).toBeUndefined();
    expect(await codeOf(ec2.send(new DescribeVolumesCommand({ MaxResults: 4 })))).toBe(
      'InvalidParameterValue',
    );
    expect(await codeOf(ec2.send(new DescribeVolumesCommand({ NextToken: 'made up' })))).toBe(
      'InvalidNextToken',
    );
  });

  it('filters by id, tag and tag key, with wildcards, and refuses filters that do not exist', async () => {
    const ids = async (Name: string, ...Values: string[]): Promise<string[]> => {
      const { Volumes } = await ec2.send(new DescribeVolumesCommand({ Filters: [{ Name, Values }] }));
      return (Volumes ?? []).map(({ VolumeId }) => VolumeId ?? '');
    };
    expect(await ids('volume-id', 'vol-3', 'vol-99')).toEqual(['vol-3']);
    expect(await ids('tag:n', '1*')).toEqual(['vol-1', 'vol-10', 'vol-11']);
    expect(await ids('tag-key', 'n')).toHaveLength(12);
    expect(await codeOf(ids('volume-colour', 'red'))).toBe('InvalidParameterValue');
  });

  it('refuses ids that do not exist, and ids together with pages', async () => {
    expect(await codeOf(ec2.send(new DescribeVolumesCommand({ VolumeIds: ['vol-99'] })))).toBe(
      'InvalidVolumeID.NotFound',
    );
    const both = new DescribeVolumesCommand({ VolumeIds: ['vol-1'], MaxResults: 5 });
    expect(await codeOf(ec2.send(both))).toBe('InvalidParameterCombination');
  });

  it("lists other accounts' images unless owners are named", async () => {
    const all = await ec2.send(new DescribeImagesCommand({}));
    const own = await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
    expect(all.Images?.map(({ ImageId }) => ImageId)).toEqual(['ami-own', 'ami-public']);
    expect(own.Images?.map(({ ImageId }) => ImageId)).toEqual(['ami-own']);
  });

  it('refuses unknown actions, unknown parameters and values of the wrong type', async () => {
    expect(await raw({ Action: 'DescribeEverything' })).toBe('InvalidAction');
    expect(await raw({ Action: 'DescribeTags', 'Filters.1.Name': 'key' })).toBe('UnknownParameter');
    expect(await raw({ Action: 'DescribeTags', 'Filter.1.Name.x': 'key' })).toBe('UnknownParameter');
    expect(await raw({ Action: 'DescribeTags', MaxResults: 'many' })).toBe('InvalidParameterValue');
    expect(await raw({ Action: 'CreateTags', 'ResourceId.1': 'i-0001' })).toBe('MissingParameter');
    expect(await raw({ Action: 'DescribeTags', 'Filter.1.Name': 'key', 'Filter.1.Value.1': 'n' })).toBe(
      'no error',
    );
  });

  it('knows the actions that came after the model was frozen', async () => {
    const { RouteServers } = await ec2.send(new DescribeRouteServersCommand({ MaxResults: 5 }));
    expect(RouteServers?.map(({ RouteServerId, Tags }) => [RouteServerId, Tags])).toEqual([
      ['rs-1', [{ Key: 'k', Value: 'v' }]],
    ]);
  });

  it('can list every taggable type that has an action of its own', async () => {
    const model = ServiceModel.load('ec2-2016-11-15.min.json');
    const without: string[] = [];
    for (const type of Object.values(ResourceType)) {
      const shapes = await Promise.all(
        operationsOf(type).map(async (name) => {
          const operation = model.operation(name) ?? (await newerOperation(name));
          return operation === null ? null : listShapeOf(operation, type, model);
        }),
      );
      if (shapes.every((shape) => shape === null)) without.push(type);
    }
    expect(without.sort()).toEqual([
      'subnet-cidr-reservation',
      'verified-access-endpoint-target',
      'verified-access-policy',
      'vpc-endpoint-connection-device-type',
      'vpc-endpoint-service-permission',
      'vpn-connection-device-type',
    ]);
  });
});

describe('the EC2 sandbox checks who signs', () => {
  it('tells who a key is, and assumes roles with their external id only', async () => {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
    expect([Account, Arn]).toEqual(['111122223333', 'arn:aws:iam::111122223333:user/sandbox']);
    const role = { RoleArn: 'arn:aws:iam::111122223333:role/reader', RoleSessionName: 'test' };
    expect(await codeOf(sts.send(new AssumeRoleCommand(role)))).toBe('AccessDenied');
    const { Credentials } = await sts.send(new AssumeRoleCommand({ ...role, ExternalId: 'our-id' }));
    const session = { accessKeyId: Credentials?.AccessKeyId, secretAccessKey: Credentials?.SecretAccessKey };
    const whole = new STSClient(
      options('eu-west-1', { ...session, sessionToken: Credentials?.SessionToken }),
    );
    expect((await whole.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      'arn:aws:sts::111122223333:assumed-role/reader/test',
    );
    const tokenless = new STSClient(options('eu-west-1', session));
    expect(await codeOf(tokenless.send(new GetCallerIdentityCommand({})))).toBe('InvalidClientTokenId');
  });

  it('refuses an unknown key, a wrong secret and a region that is not enabled, each service in its own words', async () => {
    const wrongs = [
      options('eu-west-1', { ...KEY, accessKeyId: 'AKIANOBODYNOBODY0001' }),
      options('eu-west-1', { ...KEY, secretAccessKey: 'another-secret' }),
      options('ap-east-1'),
    ];
    for (const wrong of wrongs)
      expect(await codeOf(new EC2Client(wrong).send(new DescribeTagsCommand({})))).toBe('AuthFailure');
    const codes = await Promise.all(
      wrongs.map((wrong) => codeOf(new STSClient(wrong).send(new GetCallerIdentityCommand({})))),
    );
    expect(codes).toEqual(['InvalidClientTokenId', 'SignatureDoesNotMatch', 'InvalidClientTokenId']);
    const unsigned = await fetch(sandbox.endpoint, {
      method: 'POST',
      body: 'Action=DescribeTags&Version=2016-11-15',
    });
    expect(unsigned.status).toBe(403);
    expect(await unsigned.text()).toMatch(
      /<Response><Errors><Error><Code>MissingAuthenticationToken<\/Code>.*<RequestID>/,
    );
  });
});

describe('the EC2 sandbox changes tags by the real rules', () => {
  const tagsOf = async (id: string): Promise<Record<string, string>> => {
    const { Tags } = await ec2.send(
      new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }] }),
    );
    return Object.fromEntries((Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  };

  it('writes over what is there, all or nothing', async () => {
    await ec2.send(
      new CreateTagsCommand({ Resources: ['vol-1', 'vol-2'], Tags: [{ Key: 'n', Value: 'new' }] }),
    );
    expect([await tagsOf('vol-1'), await tagsOf('vol-2')]).toEqual([{ n: 'new' }, { n: 'new' }]);
    const half = new CreateTagsCommand({ Resources: ['vol-1', 'vol-99'], Tags: [{ Key: 'k', Value: 'v' }] });
    expect(await codeOf(ec2.send(half))).toBe('InvalidID');
    expect(await tagsOf('vol-1')).toEqual({ n: 'new' });
  });

  it('removes with a value only when it is that value, and without one whatever it is', async () => {
    await ec2.send(new DeleteTagsCommand({ Resources: ['vol-1'], Tags: [{ Key: 'n', Value: 'other' }] }));
    expect(await tagsOf('vol-1')).toEqual({ n: '1' });
    await ec2.send(new DeleteTagsCommand({ Resources: ['vol-1'], Tags: [{ Key: 'n', Value: '1' }] }));
    expect(await tagsOf('vol-1')).toEqual({});
    await ec2.send(new DeleteTagsCommand({ Resources: ['vol-2'], Tags: [{ Key: 'n' }] }));
    await ec2.send(new DeleteTagsCommand({ Resources: ['vol-3'] }));
    expect([await tagsOf('vol-2'), await tagsOf('vol-3')]).toEqual([{}, {}]);
  });

  it('keeps aws: keys to itself and counts to fifty without them', async () => {
    const create = (tags: Record<string, string>) =>
      codeOf(
        ec2.send(
          new CreateTagsCommand({
            Resources: ['vol-4'],
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          }),
        ),
      );
    expect(await create({ 'AWS:mine': 'x' })).toBe('InvalidParameterValue');
    expect(await create({ k: 'v'.repeat(257) })).toBe('InvalidParameterValue');
    const many = Object.fromEntries(Array.from({ length: 49 }, (_, n) => [`k${n}`, 'v']));
    expect(await create(many)).toBe('no error');
    expect(await create({ oneMore: 'v' })).toBe('TagLimitExceeded');
    expect(await create({ k1: 'changed' })).toBe('no error');
  });
});

describe('the EC2 sandbox breaks as it is told', () => {
  const ask = () => codeOf(ec2.send(new DescribeVolumesCommand({ MaxResults: 5 })));

  it('throttles so many times, then answers', async () => {
    const fault = sandbox.faults.inject({ kind: 'throttle', times: 2 });
    expect([await ask(), await ask(), await ask()]).toEqual([
      'RequestLimitExceeded',
      'RequestLimitExceeded',
      'no error',
    ]);
    expect(fault.fired).toBe(2);
  });

  it('denies one action in one region only', async () => {
    sandbox.faults.inject({ kind: 'deny', action: 'DescribeVolumes', region: 'eu-west-1' });
    expect(await ask()).toBe('UnauthorizedOperation');
    const elsewhere = new EC2Client(options('us-east-1'));
    expect(await codeOf(elsewhere.send(new DescribeVolumesCommand({})))).toBe('no error');
  });

  it('repeats a token for ever, cuts replies off, hangs up', async () => {
    sandbox.faults.inject({ kind: 'repeat-token', times: 2 });
    const tokens = [
      await ec2.send(new DescribeVolumesCommand({})),
      await ec2.send(new DescribeVolumesCommand({})),
    ];
    expect(new Set(tokens.map(({ NextToken }) => NextToken)).size).toBe(1);
    sandbox.faults.inject({ kind: 'truncate', times: 1 });
    expect(await ask()).not.toBe('no error');
    sandbox.faults.inject({ kind: 'drop', times: 1 });
    expect(await ask()).not.toBe('no error');
  });

  it('counts what it was asked', async () => {
    await ask();
    await ask();
    expect(sandbox.stats.count('DescribeVolumes')).toBe(2);
    expect(sandbox.stats.bytesOut('DescribeVolumes')).toBeGreaterThan(500);
    sandbox.stats.reset();
    expect(sandbox.stats.count()).toBe(0);
  });
});

describe('the inventory of the sandbox', () => {
  it('is the same each time, in two regions, with the faults everybody knows', () => {
    const { resources, regions } = sandboxInventory();
    expect(sandboxInventory().resources).toEqual(resources);
    expect(new Set(resources.map(({ region }) => region))).toEqual(new Set(regions));
    expect(new Set(resources.map(({ id }) => id)).size).toBe(resources.length);
    const keys = resources.flatMap(({ tags }) => Object.keys(tags));
    expect(keys).toEqual(expect.arrayContaining(['enviroment', 'phoenix-team', 'legacy_app']));
    expect(resources.some(({ tags }) => Object.values(tags).includes(''))).toBe(true);
    expect(resources.some(({ tags }) => Object.keys(tags).length === 0)).toBe(true);
    expect(resources.length).toBeGreaterThan(131);
  });
});
