import { onSharedBackends, runUntilStopped } from '#composition';
import { startWorker } from './start-worker.js';

await runUntilStopped({
  start: (config, logger, onLost) => onSharedBackends(config, logger, onLost, startWorker),
  async onReady() {
    console.log('Tagward works');
    return false;
  },
});
