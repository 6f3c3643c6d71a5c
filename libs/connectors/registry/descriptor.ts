import type { Capability, ConnectorDescriptor } from '#core';
import { registryConfig, registryLocation, type RegistryConfig } from './config.js';
import { isRepositoryName } from './names.js';
import { RepositoryChoice } from './reading/repository-choice.js';

/** A registry as data: what a target may say, what reading needs. */
export const registryDescriptor: ConnectorDescriptor<RegistryConfig> = {
  platform: 'registry',
  title: 'OCI registry',
  tagKind: 'pointer',
  config: registryConfig,
  location: registryLocation,
  resourceNamed: (config, { name }) =>
    isRepositoryName(name) && RepositoryChoice.of(config).wants(name) ? name : null,
  credentialKinds: ['BASIC', 'BEARER'],
  capabilities: [
    declared('list-untagged', true, 'repositories without tags are seen where the catalog lists them'),
    declared('filter-resources', true, 'a repository is read by its name, without the catalog'),
    declared('creation-date', true, 'the date in the image configuration; see the readme'),
    declared('apply', false, 'tags are read, not changed'),
  ],
  permissions: ['registry:catalog:*', 'repository:<name>:pull'],
};

function declared(name: string, supported: boolean, detail: string): Capability {
  return { name, supported, declared: true, detail, checkedAt: null };
}
