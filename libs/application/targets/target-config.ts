import { HygieneError, PLATFORMS, type ConnectorDescriptor, type JsonObject, type Platform } from '#core';
import type { Connectors } from '../ports/services.js';
import type { Stores } from '../ports/stores.js';

export type PlatformConfigs = Partial<Record<Platform, Record<string, unknown> | undefined>>;

/** The one platform whose configuration was given, or null when none was. @throws TARGET_CONFIG_INVALID when several were */
export function givenPlatform(input: PlatformConfigs): Platform | null {
  const given = PLATFORMS.filter((platform) => input[platform] !== undefined);
  if (given.length > 1) {
    throw new HygieneError(
      'TARGET_CONFIG_INVALID',
      `A target is on one platform: give exactly one of ${PLATFORMS.join(', ')}; got ${given.join(' and ')}.`,
      { faults: given.map((platform) => ({ path: platform, message: 'one of several platforms' })) },
    );
  }
  return given[0] ?? null;
}

export interface CheckedConfig {
  readonly descriptor: ConnectorDescriptor;
  readonly config: JsonObject;
  readonly location: string;
}

/**
 * Checks a target's configuration against its connector and the outbound guard; contacts nothing.
 * @throws HygieneError OPERATION_UNSUPPORTED, TARGET_CONFIG_INVALID with every fault, ADDRESS_REFUSED
 */
export async function checkConfig(
  connectors: Connectors,
  platform: Platform,
  given: Record<string, unknown>,
): Promise<CheckedConfig> {
  const descriptor = connectors.descriptor(platform);
  if (descriptor === null) {
    throw new HygieneError(
      'OPERATION_UNSUPPORTED',
      `This version of Tagward has no connector for ${platform}.`,
    );
  }
  // GraphQL gives an absent optional field as null or undefined; a connector's schema knows only absence.
  const present = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== null && value !== undefined),
  );
  const parsed = descriptor.config.safeParse(present);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => ({
      path: [platform, ...issue.path].join('.'),
      message: issue.message,
    }));
    const sentence = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
    throw new HygieneError('TARGET_CONFIG_INVALID', sentence, { faults });
  }
  await connectors.check(platform, parsed.data);
  return { descriptor, config: parsed.data, location: descriptor.location(parsed.data) };
}

/** @throws HygieneError NOT_FOUND, or CREDENTIAL_INVALID when the platform does not take its kind */
export async function checkCredential(
  stores: Stores,
  descriptor: ConnectorDescriptor,
  id: string,
): Promise<void> {
  const credential = await stores.credentials.find(id);
  if (credential === null) {
    throw new HygieneError('NOT_FOUND', `There is no credential ${JSON.stringify(id)}.`, {
      faults: [{ path: 'credentialId', message: 'no such credential' }],
    });
  }
  if (!descriptor.credentialKinds.includes(credential.kind)) {
    throw new HygieneError(
      'CREDENTIAL_INVALID',
      `${descriptor.title} takes ${descriptor.credentialKinds.join(' or ')}; ${JSON.stringify(credential.name)} is ${credential.kind}.`,
      { faults: [{ path: 'credentialId', message: `expected ${descriptor.credentialKinds.join(' or ')}` }] },
    );
  }
}

/** @throws HygieneError NOT_FOUND that names every pack which is not stored */
export async function checkRulePacks(stores: Stores, names: readonly string[]): Promise<void> {
  const stored = new Set((await stores.rulePacks.latest()).map((pack) => pack.name));
  const missing = names.filter((name) => !stored.has(name));
  if (missing.length > 0) {
    throw new HygieneError('NOT_FOUND', `There is no rule pack ${missing.join(', ')}; store it first.`, {
      faults: missing.map((name) => ({ path: 'rulePacks', message: `no rule pack ${name}` })),
    });
  }
}
