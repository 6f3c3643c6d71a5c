import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Loaded into a service that is measured (`node --import`): writes to the file that `TAGWARD_BENCH_DELAYS` names how long its event loop was
 * held, in milliseconds. A signal begins anew: what starting took is in nobody's figures.
 */
const EVERY_MS = 250;
const RESOLUTION_MS = 5;
const file = process.env['TAGWARD_BENCH_DELAYS'];
if (file !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let heap = 0;
  let external = 0;
  const write = (): void => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    heap = Math.max(heap, heapUsed / 1_048_576);
    external = Math.max(external, arrayBuffers / 1_048_576);
    const [longest, p99] = [delays.max, delays.percentile(99)].map((ns) => Math.max(0, ns / 1e6));
    writeFileSync(file, JSON.stringify({ longest, p99, heap, external }));
  };
  setInterval(write, EVERY_MS).unref();
  process.on('SIGUSR2', () => {
    delays.reset();
    heap = 0;
    external = 0;
    write();
  });
}
