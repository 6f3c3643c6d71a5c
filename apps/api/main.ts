import { onSharedBackends, runUntilStopped } from '#composition';
import { startApi } from './start-api.js';

await runUntilStopped({
  start: (config, logger, onLost) => onSharedBackends(config, logger, onLost, startApi),
  async onReady({ url, adminToken }) {
    console.log(`Tagward's API serves at ${url}`);
    if (adminToken.isNew) console.log(`Bootstrap token, shown this once: ${adminToken.text}`);
    return false;
  },
});
