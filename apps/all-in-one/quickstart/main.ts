import { runUntilStopped } from '#composition';
import { ApiClient } from './api-client.js';
import { Demo } from './demo.js';
import { startSandboxes } from './sandboxes.js';
import { startService } from '../service.js';

const once = process.argv.includes('--once');
const print = (line: string): void => console.log(line);

const targets = await startSandboxes();
const hosts = targets.map(({ address }) => new URL(address).host);
await runUntilStopped({
  defaults: { TAGWARD_OUTBOUND_ALLOW: hosts.join(','), TAGWARD_LOG_LEVEL: 'warn' },
  start: startService,
  async onReady({ url, adminToken }) {
    print(`Tagward serves at ${url}; sandboxes:`);
    for (const { platform, address } of targets) print(`  ${platform.padEnd(8)}  ${address}`);
    await new Demo(new ApiClient(url, adminToken.text), targets, print).run();
    print('');
    print(`Token:            ${adminToken.text}`);
    print(`GraphQL explorer: ${url}/graphql`);
    print(`REST and OpenAPI: ${url}/api/docs`);
    if (!once) print('Serving until Ctrl-C.');
    return once;
  },
});
