import type { Capability, ConnectorDescriptor } from '#core';
import { gitConfig, remoteOf, type GitConfig } from './config.js';
import { repositoryOf } from './remote-url.js';

/** Git as data: what a target may say, what reading needs. Loads no connector code. */
export const gitDescriptor: ConnectorDescriptor<GitConfig> = {
  platform: 'git',
  title: 'Git',
  tagKind: 'pointer',
  config: gitConfig,
  location: ({ url }) => url,
  resourceNamed: (config, { name }) => {
    const own = repositoryOf(remoteOf(config));
    return isSameRepository(own, name) ? own : null;
  },
  credentialKinds: ['BASIC', 'BEARER', 'FORGE_TOKEN', 'SSH_KEY'],
  capabilities: [
    declared('list-untagged', true, 'a repository without tags is seen'),
    declared('filter-resources', true, 'a target is one repository'),
    declared('creation-date', true, 'when a rule needs dates, and the server can leave file contents out'),
    declared('apply', false, 'tags are read, not changed'),
  ],
  permissions: [
    'read access to the repository (git-upload-pack)',
    'GitHub: Contents, read-only (fine-grained token) or a read-only deploy key',
    'GitLab: read_repository (access or deploy token) or a read-only deploy key',
    'Gitea: read:repository (access token) or a read-only deploy key',
  ],
};

/** Forges take a path in any case; a scan too many does no harm. */
function isSameRepository(own: string, named: string): boolean {
  return own.toLowerCase() === named.replace(/^\/+|\/+$|\.git\/*$/g, '').toLowerCase();
}

function declared(name: string, supported: boolean, detail: string): Capability {
  return { name, supported, declared: true, detail, checkedAt: null };
}
