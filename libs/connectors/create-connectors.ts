import {
  HygieneError,
  type Connector,
  type ConnectorDescriptor,
  type ConnectorEnvironment,
  type CredentialKind,
  type CredentialSecret,
  type JsonObject,
  type Platform,
} from '#core';
import { OutboundGuard } from '#connector-kit';
import { CONNECTORS, type CatalogEntry } from './catalog.js';

type Secret = { readonly kind: CredentialKind; readonly values: CredentialSecret };

/** The connectors of this build behind one door; their code is loaded when a target is first opened. */
export interface ConnectorCatalog {
  /** null when this build has no connector for the platform. */
  descriptor(platform: Platform): ConnectorDescriptor | null;
  open(platform: Platform, config: JsonObject, secret: Secret | null): Promise<Connector>;
  /** Refuses (ADDRESS_REFUSED, TARGET_CONFIG_INVALID) what `open` would refuse, without connecting or loading a platform's code. */
  check(platform: Platform, config: JsonObject): Promise<void>;
}

/** Throws INPUT_INVALID when the outbound policy has an entry that means nothing. */
export function createConnectors(environment: ConnectorEnvironment): ConnectorCatalog {
  const guard = new OutboundGuard(environment.outbound);
  return {
    descriptor: (platform) => CONNECTORS[platform]?.descriptor ?? null,
    open: async (platform, config, secret) => {
      const entry = entryOf(platform);
      const module = await entry.load();
      return module.open({ config: configOf(platform, entry, config), secret, environment });
    },
    check: async (platform, config) => {
      const entry = entryOf(platform);
      await entry.check(configOf(platform, entry, config), guard);
    },
  };
}

function entryOf(platform: Platform): CatalogEntry {
  const entry = CONNECTORS[platform];
  if (entry !== undefined) return entry;
  throw new HygieneError(
    'OPERATION_UNSUPPORTED',
    `This build has no connector for the platform ${platform}. It has: ${Object.keys(CONNECTORS).join(', ')}.`,
  );
}

function configOf(platform: Platform, { descriptor }: CatalogEntry, config: JsonObject): JsonObject {
  const checked = descriptor.config.safeParse(config);
  if (checked.success) return checked.data;
  const faults = checked.error.issues.map(({ path, message }) => ({
    path: [platform, ...path].join('.'),
    message,
  }));
  const said = faults.map(({ path, message }) => `${path}: ${message}`).join(' ');
  throw new HygieneError('TARGET_CONFIG_INVALID', `The target's configuration is wrong. ${said}`, { faults });
}
