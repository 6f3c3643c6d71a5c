import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  demoRegistry,
  rebuildRemote,
  sandboxInventory,
  startEc2Sandbox,
  startGitHttpBackend,
  startRegistrySandbox,
} from '#testing';
import type { DemoTarget } from './demo-target.js';

/** Preferred, so that targets made by an earlier quickstart still find their sandboxes. */
const PORTS = { ec2: 4510, git: 4511, registry: 4512 };
const REMOTE = 'moby/moby';
const REFS = fileURLToPath(
  new URL('../../../../libs/testing/fixtures/git-refs/moby__moby.tsv', import.meta.url),
);

/** An EC2, a git server and a registry that live in this process, filled with real tags and the faults that everybody knows. */
export async function startSandboxes(): Promise<readonly DemoTarget[]> {
  return Promise.all([startEc2(), startGit(), startRegistry()]);
}

async function startEc2(): Promise<DemoTarget> {
  const { regions, accessKey, ...inventory } = sandboxInventory();
  const ec2 = await onPort(PORTS.ec2, (port) => startEc2Sandbox({ ...inventory, port }));
  return {
    name: 'quickstart-ec2',
    platform: 'ec2',
    address: ec2.endpoint,
    config: { regions, endpoint: ec2.endpoint },
    credential: { kind: 'AWS_ACCESS_KEY', secret: { ...accessKey } },
    close: () => ec2.close(),
  };
}

/** git's own http-backend over a repository with the tags of a well-known project. */
async function startGit(): Promise<DemoTarget> {
  const root = mkdtempSync(join(tmpdir(), 'tagward-quickstart-'));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  await rebuildRemote(REFS, join(root, `${REMOTE}.git`));
  const git = await onPort(PORTS.git, (port) => startGitHttpBackend({ root, port }));
  const url = `${git.url}/${REMOTE}.git`;
  return {
    name: 'quickstart-git',
    platform: 'git',
    address: url,
    config: { url },
    credential: null,
    close: () => git.close(),
  };
}

async function startRegistry(): Promise<DemoTarget> {
  const { login, ...content } = demoRegistry();
  const registry = await onPort(PORTS.registry, (port) => startRegistrySandbox({ ...content, port }));
  return {
    name: 'quickstart-registry',
    platform: 'registry',
    address: registry.url,
    config: { url: registry.url },
    credential: { kind: 'BASIC', secret: { ...login } },
    close: () => registry.close(),
  };
}

async function onPort<T>(port: number, start: (port: number) => Promise<T>): Promise<T> {
  return start(port).catch(() => start(0));
}
