import type { ConnectorDescriptor, ConnectorModule, JsonObject, Platform } from '#core';
import type { OutboundGuard } from '#connector-kit';
import { ec2Descriptor } from './ec2/descriptor.js';
import { checkGitAddresses } from './git/check-addresses.js';
import type { GitConfig } from './git/config.js';
import { gitDescriptor } from './git/descriptor.js';
import { checkRegistryAddress } from './registry/check-address.js';
import { registryDescriptor } from './registry/descriptor.js';

/** A connector before its code is loaded: validating a configuration must not cost a platform's SDK. */
export interface CatalogEntry {
  readonly descriptor: ConnectorDescriptor;
  /** Refuses (ADDRESS_REFUSED) a valid configuration that would make Tagward connect where it may not; opens no connection. */
  readonly check: (config: JsonObject, guard: OutboundGuard) => Promise<void>;
  readonly load: () => Promise<ConnectorModule>;
}

/** Every connector of this build, by platform. A new platform is one folder beside this file and one line here. */
export const CONNECTORS: Readonly<Partial<Record<Platform, CatalogEntry>>> = {
  ec2: {
    descriptor: ec2Descriptor as unknown as ConnectorDescriptor,
    check: async ({ endpoint }, guard) => {
      if (typeof endpoint === 'string') await guard.check(endpoint);
    },
    load: async () => (await import('./ec2/index.js')).ec2Connector as unknown as ConnectorModule,
  },
  git: {
    descriptor: gitDescriptor as unknown as ConnectorDescriptor,
    check: (config, guard) => checkGitAddresses(config as unknown as GitConfig, guard),
    load: async () => (await import('./git/index.js')).gitConnector as unknown as ConnectorModule,
  },
  registry: {
    descriptor: registryDescriptor as unknown as ConnectorDescriptor,
    check: async ({ url }, guard) => {
      if (typeof url === 'string') await checkRegistryAddress(url, guard);
    },
    load: async () => (await import('./registry/index.js')).registryConnector as unknown as ConnectorModule,
  },
};
