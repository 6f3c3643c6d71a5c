import { describe, expect, it } from 'vitest';
import { ec2Config, ec2Location } from './config.js';
import { ec2Descriptor } from './descriptor.js';

function faults(config: object): string[] {
  const { error } = ec2Config.safeParse(config);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('the configuration of an EC2 target', () => {
  it('takes what is right, once each, and treats null as left out', () => {
    const config = {
      regions: ['eu-west-1', ' us-gov-east-1', 'eu-west-1'],
      resourceTypes: ['volume'],
      roleArn: null,
    };
    expect(ec2Config.parse(config)).toEqual({
      regions: ['eu-west-1', 'us-gov-east-1'],
      resourceTypes: ['volume'],
    });
  });

  it('parses what it gave again to the same', () => {
    const once = ec2Config.parse({
      regions: ['eusc-de-east-1'],
      roleArn: 'arn:aws:iam::123456789012:role/path/tagward',
      externalId: 'a:b',
      endpoint: 'https://ec2.corp:8443',
    });
    expect(ec2Config.parse(once)).toEqual(once);
  });

  it.each([
    [{}, /^regions: /],
    [{ regions: [] }, /at least one region/],
    [{ regions: ['*'] }, /regions\.0: "\*" is not the name of a region/],
    [{ regions: ['eu-west-1.evil.example#'] }, /is not the name of a region/],
    [{ regions: ['eu-west-1'], resourceTypes: ['instances'] }, /Did you mean instance\?/],
    [{ regions: ['eu-west-1'], resourceTypes: ['AWS::EC2::Volume'] }, /Did you mean volume\?/],
    [{ regions: ['eu-west-1'], resourceTypes: ['nat-gateway'] }, /Did you mean natgateway\?/],
    [
      { regions: ['eu-west-1'], resourceTypes: ['s3:bucket'] },
      /no taggable resource type "s3:bucket"\. The names/,
    ],
    [{ regions: ['eu-west-1'], resourceTypes: [] }, /leave resourceTypes out/],
    [{ regions: ['eu-west-1'], externalId: 'abc' }, /externalId: .*Give roleArn/],
    [{ regions: ['eu-west-1'], roleArn: 'tagward' }, /roleArn: .*arn:aws:iam/],
    [{ regions: ['eu-west-1'], endpoint: 'ftp://host' }, /endpoint: .*http/],
    [{ regions: ['eu-west-1'], endpoint: 'https://user:secret@host' }, /without user name/],
    [{ regions: ['eu-west-1'], organization: { roleName: 'x' } }, /organization: .*not supported yet/],
    [{ regions: ['eu-west-1'], region: 'x' }, /region/],
  ])('refuses %j and says how to mend it', (config, expected) => {
    expect(faults(config).join('\n')).toMatch(expected);
  });

  it('shows no password of an endpoint in its faults', () => {
    expect(faults({ regions: ['eu-west-1'], endpoint: 'https://user:secret@host' }).join()).not.toContain(
      'secret',
    );
  });

  it('says where the target is', () => {
    const config = ec2Config.parse({
      regions: ['eu-west-1', 'us-east-1'],
      roleArn: 'arn:aws:iam::123456789012:role/tagward',
      externalId: 'not-shown',
    });
    expect(ec2Location(config)).toBe('eu-west-1, us-east-1 as arn:aws:iam::123456789012:role/tagward');
  });

  it('lists the least permissions that reading needs', () => {
    expect(ec2Descriptor.permissions).toContain('ec2:DescribeInstances');
    expect(ec2Descriptor.permissions).toContain('ec2:DescribeTags');
    expect(ec2Descriptor.permissions.every((action) => action.startsWith('ec2:Describe'))).toBe(true);
  });
});
