import { runUntilStopped } from './run-until-stopped.js';

await runUntilStopped({
  async onReady({ url, adminToken }) {
    console.log(`Tagward serves at ${url}`);
    if (adminToken.isNew) console.log(`Bootstrap token, shown this once: ${adminToken.text}`);
    return false;
  },
});
