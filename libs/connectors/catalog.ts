import type { ConnectorDescriptor, ConnectorModule, JsonObject, Platform } from '#core';
import { ec2Descriptor } from './ec2/descriptor.js';

/** A connector before its code is loaded: validating a configuration must not cost a platform's SDK. */
export interface CatalogEntry {
  readonly descriptor: ConnectorDescriptor;
  /** The URLs that a valid configuration makes Tagward connect to, the platform's own aside. */
  readonly addresses: (config: JsonObject) => readonly string[];
  readonly load: () => Promise<ConnectorModule>;
}

/** Every connector of this build, by platform. A new platform is one folder beside this file and one line here. */
export const CONNECTORS: Readonly<Partial<Record<Platform, CatalogEntry>>> = {
  ec2: {
    descriptor: ec2Descriptor as unknown as ConnectorDescriptor,
    addresses: ({ endpoint }) => (typeof endpoint === 'string' ? [endpoint] : []),
    load: async () => (await import('./ec2/index.js')).ec2Connector as unknown as ConnectorModule,
  },
};
