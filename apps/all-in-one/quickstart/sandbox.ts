import { sandboxInventory, startEc2Sandbox } from '#testing';
import type { Sandbox } from './demo.js';

/** Preferred, so that a target made by an earlier quickstart still finds its sandbox. */
const PORT = 4510;

/** An EC2 that lives in this process, filled with real tag sets and the faults that everybody knows. */
export async function startSandbox(): Promise<Sandbox & { close(): Promise<void> }> {
  const inventory = sandboxInventory();
  const start = (port: number) => startEc2Sandbox({ ...inventory, port });
  const ec2 = await start(PORT).catch(() => start(0));
  return {
    endpoint: ec2.endpoint,
    regions: inventory.regions,
    secret: inventory.accessKey,
    close: () => ec2.close(),
  };
}
