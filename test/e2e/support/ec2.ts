import { startEc2Sandbox, type Ec2Sandbox, type SandboxResource } from '#testing';
import type { Client } from './client.js';

export const ACCOUNT = '123456789012';
export const KEY = {
  accessKeyId: 'AKIAE2ETESTE2ETEST01',
  secretAccessKey: 'canary-aws-secret/e2e+0123456789abcdef',
};

export async function startEc2(resources: readonly SandboxResource[]): Promise<Ec2Sandbox> {
  return startEc2Sandbox({ accounts: [{ id: ACCOUNT, keys: [KEY] }], resources });
}

export function instance(n: number, region: string, tags: Record<string, string>): SandboxResource {
  return { resourceType: 'instance', id: instanceId(n), region, tags };
}

export function instanceId(n: number): string {
  return `i-0${n.toString(16).padStart(16, '0')}`;
}

/** A credential and a target on the sandbox, made as a user would. */
export async function ec2Target(
  client: Client,
  sandbox: Ec2Sandbox,
  options: { name: string; regions: string[]; resourceTypes?: string[]; secret?: object },
): Promise<string> {
  const { name, regions, resourceTypes, secret = KEY } = options;
  const credential = await client.rest('POST', '/credentials', {
    name: `${name}-key`,
    kind: 'AWS_ACCESS_KEY',
    secret,
  });
  const target = await client.rest('POST', '/targets', {
    name,
    credentialId: credential.body.id,
    ec2: { regions, endpoint: sandbox.endpoint, ...(resourceTypes && { resourceTypes }) },
  });
  if (target.status !== 201) throw new Error(JSON.stringify([credential.body, target.body]));
  return target.body.id;
}
