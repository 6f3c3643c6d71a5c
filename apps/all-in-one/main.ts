import { runUntilStopped } from '#composition';
import { startService } from './service.js';

await runUntilStopped({
  start: startService,
  async onReady({ url, adminToken }) {
    console.log(`Tagward serves at ${url}`);
    if (adminToken.isNew) console.log(`Bootstrap token, shown this once: ${adminToken.text}`);
    return false;
  },
});
