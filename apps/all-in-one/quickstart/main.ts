import { runUntilStopped } from '../run-until-stopped.js';
import { ApiClient } from './api-client.js';
import { Demo } from './demo.js';
import { startSandbox } from './sandbox.js';

const once = process.argv.includes('--once');
const print = (line: string): void => console.log(line);

const sandbox = await startSandbox();
await runUntilStopped({
  defaults: { TAGWARD_OUTBOUND_ALLOW: new URL(sandbox.endpoint).host, TAGWARD_LOG_LEVEL: 'warn' },
  async onReady({ url, adminToken }) {
    print(`Tagward serves at ${url}; EC2 sandbox at ${sandbox.endpoint}`);
    await new Demo(new ApiClient(url, adminToken.text), sandbox, print).run();
    print('');
    print(`Token:            ${adminToken.text}`);
    print(`GraphQL explorer: ${url}/graphql`);
    print(`REST and OpenAPI: ${url}/api/docs`);
    if (!once) print('Serving until Ctrl-C.');
    return once;
  },
});
