import { readdirSync } from 'node:fs';
import { HygieneError, PLATFORMS } from '#core';
import { memoryEnvironment } from '#connector-kit';
import { describe, expect, it } from 'vitest';
import { CONNECTORS } from './catalog.js';
import { createConnectors } from './create-connectors.js';

const connectors = createConnectors(memoryEnvironment());

async function refusal(work: Promise<unknown>): Promise<HygieneError> {
  return work.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => error as HygieneError,
  );
}

describe('the connector catalog', () => {
  it('has one line for each folder, and each folder one line', () => {
    const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true });
    const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(Object.keys(CONNECTORS).sort()).toEqual(names.sort());
  });

  it('loads under each line the module whose platform the line names', async () => {
    for (const [platform, entry] of Object.entries(CONNECTORS)) {
      const { descriptor } = await entry.load();
      expect(descriptor).toBe(entry.descriptor);
      expect(descriptor.platform).toBe(platform);
    }
  });

  it('says of a platform it lacks what it has', async () => {
    const missing =
      PLATFORMS.find((platform) => CONNECTORS[platform] === undefined) ?? expect.fail('none is missing');
    expect(connectors.descriptor(missing)).toBeNull();
    const error = await refusal(connectors.open(missing, {}, null));
    expect(error.code).toBe('OPERATION_UNSUPPORTED');
    expect(error.message).toContain('ec2');
  });

  it('refuses a wrong configuration with its place, and a private endpoint with the mend', async () => {
    const wrong = await refusal(connectors.check('ec2', { regions: ['Ireland'] }));
    expect(wrong.code).toBe('TARGET_CONFIG_INVALID');
    expect(wrong.faults.map(({ path }) => path)).toEqual(['ec2.regions.0']);
    const inside = await refusal(
      connectors.check('ec2', { regions: ['eu-west-1'], endpoint: 'http://10.0.0.5:4566' }),
    );
    expect(inside.code).toBe('ADDRESS_REFUSED');
    expect(inside.message).toContain('TAGWARD_OUTBOUND_ALLOW');
    await expect(connectors.check('ec2', { regions: ['eu-west-1'] })).resolves.toBeUndefined();
  });
});
