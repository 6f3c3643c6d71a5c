import * as client from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { newerOperation } from '../../../testing/ec2-sandbox/newer-operations.js';
import { ServiceModel, type Operation, type Shape } from '../../../testing/ec2-sandbox/service-model.js';
import { RESOURCE_TYPES, typesOfId, type DescribeSpec } from './resource-type.js';

const model = ServiceModel.load('ec2-2016-11-15.min.json');
const specs = [...RESOURCE_TYPES.values()];
const described = specs.flatMap(({ type, describe: spec }) => (spec === null ? [] : [{ type, spec }]));

async function operation({ operation: name }: DescribeSpec): Promise<Operation> {
  return model.operation(name) ?? (await newerOperation(name)) ?? expect.fail(`no service model has ${name}`);
}

function itemShape(output: Shape, path: readonly string[]): Shape {
  return path.reduce((shape, member) => {
    const list = model.members(shape).get(member) ?? expect.fail(`there is no ${member}`);
    return model.element(list) ?? expect.fail(`${member} is no list`);
  }, output);
}

describe('the table of resource types', () => {
  it('has every type that the EC2 API can tag, and no other', () => {
    expect([...RESOURCE_TYPES.keys()].sort()).toEqual(Object.values(client.ResourceType).sort());
  });

  it('names actions that the SDK has a command for, one type each', () => {
    const names = described.map(({ spec }) => spec.operation);
    expect(new Set(names).size).toBe(names.length);
    const commands = client as unknown as Record<string, unknown>;
    expect(names.filter((name) => typeof commands[`${name}Command`] !== 'function')).toEqual([]);
  });

  it.each(described)('$type: the action has the list, the id, the date and tags', async ({ spec }) => {
    const { output } = await operation(spec);
    const members = model.members(itemShape(output, spec.listPath));
    expect(members.has(spec.idMember)).toBe(true);
    expect(members.get(spec.idMember)?.type).toBeUndefined();
    expect(members.has('Tags') || members.has('TagSet')).toBe(true);
    if (spec.createdMember !== null) expect(members.has(spec.createdMember)).toBe(true);
  });

  it.each(described)(
    '$type: the action takes the pages, filters and owners it is asked with',
    async ({ spec }) => {
      const { input, output } = await operation(spec);
      const members = model.members(input);
      expect(members.has('MaxResults')).toBe(spec.pageSize !== null);
      expect(model.members(output).has('NextToken')).toBe(spec.pageSize !== null);
      if (spec.idFilter !== null) expect(members.has(spec.filterMember)).toBe(true);
      for (const member of Object.keys(spec.input)) expect(members.has(member)).toBe(true);
      expect(input.required ?? []).toEqual([]);
    },
  );

  it('uses DescribeTags only where no action lists the type without naming a parent', () => {
    expect(specs.filter(({ describe: spec }) => spec === null).map(({ type }) => type)).toEqual([
      'subnet-cidr-reservation',
      'verified-access-endpoint-target',
      'verified-access-policy',
      'vpc-endpoint-connection-device-type',
      'vpc-endpoint-service-permission',
      'vpn-connection-device-type',
    ]);
  });

  it('never sends a filter value list longer than one request takes', () => {
    expect(specs.length).toBeLessThanOrEqual(200);
  });
});

describe('the types an id may be of', () => {
  const typesOf = (id: string): string[] => typesOfId(id).map(({ type }) => type);

  it('follows the prefix, the longest one meant', () => {
    expect(typesOf('i-0123456789abcdef0')).toEqual(['instance']);
    expect(typesOf('tgw-rtb-0123456789abcdef0')).toEqual(['transit-gateway-route-table']);
    expect(typesOf('tgw-0123456789abcdef0')).toEqual(['transit-gateway']);
    expect(typesOf('import-ami-0123456789abcdef0')).toEqual(['import-image-task']);
    expect(typesOf('sfr-11111111-2222-3333-4444-555555555555')).toEqual(['spot-fleet-request']);
  });

  it('asks every type whose prefix is not known when no known one fits', () => {
    const types = typesOf('11111111-2222-3333-4444-555555555555');
    expect(types).toContain('reserved-instances');
    expect(types).not.toContain('instance');
  });
});
